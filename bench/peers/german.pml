/* German's directory protocol with data, the twin of german.ts for SPIN: one option for each rule of each cache, each one
   transition. N is given on the command line (-DN=4); 2 to 5. The three invariants are asserted at the end of each rule. */
byte CA[N], C1[N], C2[N];
bit CD[N], C2D[N], C3[N], C3D[N], IV[N], SH[N];
byte CMD, PTR = N;
bit EX, MEM, AUX;

#if N > 2
#define IF3(x) x
#else
#define IF3(x)
#endif
#if N > 3
#define IF4(x) x
#else
#define IF4(x)
#endif
#if N > 4
#define IF5(x) x
#else
#define IF5(x)
#endif

#define COPY_SHARERS IV[0] = SH[0]; IV[1] = SH[1]; IF3(IV[2] = SH[2];) IF4(IV[3] = SH[3];) IF5(IV[4] = SH[4];)
#define NO_SHARER (SH[0] == 0 && SH[1] == 0 IF3(&& SH[2] == 0) IF4(&& SH[3] == 0) IF5(&& SH[4] == 0))

#define VALID(i) assert(CA[i] == 0 || CD[i] == AUX);
#define APART(i, j) assert(!(CA[i] == 2 && CA[j] != 0) && !(CA[j] == 2 && CA[i] != 0));
#define CHECK assert(EX || MEM == AUX); VALID(0) VALID(1) APART(0, 1) \
  IF3(VALID(2) APART(0, 2) APART(1, 2)) \
  IF4(VALID(3) APART(0, 3) APART(1, 3) APART(2, 3)) \
  IF5(VALID(4) APART(0, 4) APART(1, 4) APART(2, 4) APART(3, 4))

#define CACHE(i) \
  :: d_step { CA[i] == 2 -> CD[i] = 0; AUX = 0; CHECK } \
  :: d_step { CA[i] == 2 -> CD[i] = 1; AUX = 1; CHECK } \
  :: d_step { C1[i] == 0 && CA[i] == 0 -> C1[i] = 1; CHECK } \
  :: d_step { C1[i] == 0 && CA[i] < 2 -> C1[i] = 2; CHECK } \
  :: d_step { CMD == 0 && C1[i] != 0 -> CMD = C1[i]; PTR = i; C1[i] = 0; COPY_SHARERS; CHECK } \
  :: d_step { C2[i] == 0 && IV[i] != 0 && (CMD == 2 || (CMD == 1 && EX)) -> C2[i] = 1; IV[i] = 0; CHECK } \
  :: d_step { C2[i] == 1 && C3[i] == 0 -> C2[i] = 0; C3[i] = 1; \
       if :: CA[i] == 2 -> C3D[i] = CD[i] :: else fi; CA[i] = 0; CD[i] = 0; CHECK } \
  :: d_step { C3[i] == 1 && CMD != 0 -> C3[i] = 0; SH[i] = 0; \
       if :: EX -> EX = 0; MEM = C3D[i] :: else fi; C3D[i] = 0; CHECK } \
  :: d_step { CMD == 1 && PTR == i && C2[i] == 0 && !EX -> C2[i] = 2; C2D[i] = MEM; SH[i] = 1; CMD = 0; PTR = N; CHECK } \
  :: d_step { CMD == 2 && PTR == i && C2[i] == 0 && !EX && NO_SHARER -> \
       C2[i] = 3; C2D[i] = MEM; SH[i] = 1; EX = 1; CMD = 0; PTR = N; CHECK } \
  :: d_step { C2[i] == 2 -> CA[i] = 1; CD[i] = C2D[i]; C2[i] = 0; C2D[i] = 0; CHECK } \
  :: d_step { C2[i] == 3 -> CA[i] = 2; CD[i] = C2D[i]; C2[i] = 0; C2D[i] = 0; CHECK }

active proctype german() {
  do
  CACHE(0)
  CACHE(1)
  IF3(CACHE(2))
  IF4(CACHE(3))
  IF5(CACHE(4))
  od
}
