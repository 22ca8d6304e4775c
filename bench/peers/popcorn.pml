/*
 * The Popcorn page coherency protocol in Promela: the normative resolution, in the same abstraction as
 * `pagetwin check coherency --abstraction reference`, so that states, transitions and depth can be compared.
 *
 *   spin -a -DN=3 -DFIFO=1 -DDELAYED=0 popcorn.pml
 *   gcc -O3 -DSAFETY -DNOREDUCE [-DBFS] -o pan pan.c && ./pan -m1000000
 *
 * N        kernels, 2 to 4              FIFO     1: FIFO per ordered pair; 0: any order
 * DELAYED  1: leaving a wait state is a step of its own; 0: part of the delivery
 * R7       1: the newest admitted Copy is kept; 0: the first
 * LEAN     1: no loser steps 1 and 2, a Fetch_Write without a Copy is repeated (use with R7)
 *
 * One process with one control point: each option of its loop is one transition. Scratch variables are zero between transitions.
 * SPIN counts the initial state as a transition; all other counts are those of the protocol.
 */
#ifndef N
#define N 2
#endif
#ifndef FIFO
#define FIFO 1
#endif
#ifndef DELAYED
#define DELAYED 0
#endif
#ifndef R7
#define R7 0
#endif
#ifndef LEAN
#define LEAN 0
#endif

/* states of a copy */
#define UNM 0
#define FNR 1
#define FVA 2
#define FIN 3
#define NRP 4
#define SHA 5
#define MOD 6
#define INV 7
#define IR1 8
#define IR2 9
#define WP1 10
#define WP2 11
#define WRD 12
/* accesses */
#define RD 1
#define WR 2
/* content */
#define STALE 1
#define FRESH 2
/* requests; the last two are received and held */
#define FETCH 1
#define FETCHW 2
#define INVAL 3
#define HFETCH 4
#define HFETCHW 5
/* answers: a Copy is its content */
#define V_UNM 3
#define V_FET 4
#define V_REP 5
#define ACK_0 6
#define ACK_W 7
#define NACK_W 8

byte st[N];
byte pend[N];
byte data[N];
byte rank[N];
byte conc[N];	/* sets of kernels */
byte invs[N];
byte fws[N];
bit void2[N];
byte owner[N];	/* kernel + 1 */
byte req[N * N];	/* from * N + to */
byte ans[N * N];
bit ansfirst[N * N];
bit written;

/* scratch, zero between transitions */
byte x;
byte y;
bit served;

#define REQ(i, j) req[(i) * N + (j)]
#define ANS(i, j) ans[(i) * N + (j)]
#define BIT(k) (1 << (k))
#define SIZE(s) (((s) & 1) + (((s) >> 1) & 1) + (((s) >> 2) & 1) + (((s) >> 3) & 1))

#define QUIET(k, j) (REQ(k, j) == 0 && ANS(j, k) == 0)
#if N == 2
#define ALL(k) (QUIET(k, 0) && QUIET(k, 1))
#define WRITERS ((rank[0] > 0) + (rank[1] > 0))
#elif N == 3
#define ALL(k) (QUIET(k, 0) && QUIET(k, 1) && QUIET(k, 2))
#define WRITERS ((rank[0] > 0) + (rank[1] > 0) + (rank[2] > 0))
#else
#define ALL(k) (QUIET(k, 0) && QUIET(k, 1) && QUIET(k, 2) && QUIET(k, 3))
#define WRITERS ((rank[0] > 0) + (rank[1] > 0) + (rank[2] > 0) + (rank[3] > 0))
#endif
#define WAITS(k) ((st[k] >= FNR && st[k] <= FIN) || st[k] >= IR1)
#define STEP1(k) (LEAN || st[k] != WP2 || (conc[k] & invs[k]) == conc[k])
#define STEP2(k) (LEAN || st[k] != WRD || SIZE(conc[k] & fws[k]) + 1 >= SIZE(conc[k]))
#define OVER(k) (WAITS(k) && ALL(k) && STEP1(k) && STEP2(k))

inline broadcast(k, what) {
	for (x : 0 .. N - 1) {
		if
		:: x != k ->
			REQ(k, x) = what;
			ansfirst[k * N + x] = (FIFO && ANS(k, x) != 0)
		:: else
		fi
	}
}

inline round(k) {
	conc[k] = 0;
	fws[k] = 0;
	st[k] = WP1;
	broadcast(k, INVAL)
}

inline begin_write(k, older) {
	for (x : 0 .. N - 1) {
		if
		:: rank[x] > older -> rank[x] = rank[x] + 1
		:: else
		fi
	}
	rank[k] = older + 1;
	owner[k] = 0;
	invs[k] = 0;
	round(k)
}

inline commit(k) {
	assert(data[k] == FRESH);
	for (x : 0 .. N - 1) {
		if
		:: data[x] == FRESH -> data[x] = STALE
		:: else
		fi
	}
	for (x : 0 .. N * N - 1) {
		if
		:: ans[x] == FRESH -> ans[x] = STALE
		:: else
		fi
	}
	data[k] = FRESH;
	written = 1;
	pend[k] = 0
}

inline serve(k) {
	served = 0;
	if
	:: conc[k] == 0 ->
		for (x : 0 .. N - 1) {
			if
			:: REQ(x, k) >= HFETCH ->
				REQ(x, k) = 0;
				ANS(k, x) = data[k];
				served = 1
			:: else
			fi
		}
		if
		:: served -> st[k] = SHA
		:: else
		fi
	:: else
	fi
}

inline to_shared(k) {
	st[k] = SHA;
	owner[k] = 0;
	void2[k] = 0;
	if
	:: pend[k] == RD -> pend[k] = 0
	:: else
	fi
}

inline to_invalid(k) {
	st[k] = INV;
	data[k] = 0;
	void2[k] = 0
}

inline win(k) {
	commit(k);
	for (x : 0 .. N - 1) {
		if
		:: rank[x] > rank[k] -> rank[x] = rank[x] - 1
		:: else
		fi
	}
	rank[k] = 0;
	conc[k] = conc[k] - (conc[k] & fws[k]);
	invs[k] = 0;
	fws[k] = 0;
	owner[k] = 0;
	st[k] = MOD;
	serve(k)
}

inline lose(k) {
	invs[k] = 0;
	st[k] = WRD;
	broadcast(k, FETCHW);
	for (x : 0 .. N - 1) {
		if
		:: REQ(x, k) == HFETCHW ->
			REQ(x, k) = 0;
			ANS(k, x) = V_REP
		:: else
		fi
	}
}

inline leave(k) {
	if
	:: st[k] == FIN -> to_invalid(k)
	:: (st[k] == FNR || st[k] == FVA) && data[k] != 0 -> to_shared(k)
	:: (st[k] == FNR || st[k] == FVA) && data[k] == 0 && (void2[k] || owner[k] != 0) -> to_invalid(k)
	:: st[k] == FVA && data[k] == 0 && !void2[k] && owner[k] == 0 ->
		data[k] = FRESH - written;
		to_shared(k)
	:: st[k] == FNR && data[k] == 0 && !void2[k] && owner[k] == 0 ->
		data[k] = FRESH - written;
		st[k] = NRP;
		if
		:: pend[k] == WR -> commit(k)
		:: else -> pend[k] = 0
		fi
	:: st[k] == IR1 && data[k] != 0 -> to_shared(k)
	:: st[k] == IR1 && data[k] == 0 -> broadcast(k, FETCH)
	:: st[k] == IR2 ->
		data[k] = 0;
		st[k] = IR1;
		broadcast(k, FETCH)
	:: st[k] == WP1 -> win(k)
	:: st[k] == WP2 -> lose(k)
	:: st[k] == WRD && data[k] == 0 ->
		assert(LEAN);
		broadcast(k, FETCHW)
	:: st[k] == WRD && data[k] != 0 -> round(k)
	fi
}

inline settle(k) {
	do
	:: !DELAYED && OVER(k) -> leave(k)
	:: else -> break
	od
}

inline got_fetch(k, j) {
	REQ(j, k) = 0;
	if
	:: st[k] == UNM -> ANS(k, j) = V_UNM
	:: st[k] == FNR ->
		ANS(k, j) = V_FET;
		st[k] = FVA
	:: st[k] == FVA -> ANS(k, j) = V_FET
	:: st[k] == NRP ->
		ANS(k, j) = data[k];
		st[k] = SHA
	:: st[k] == SHA -> ANS(k, j) = data[k]
	:: st[k] == MOD ->
		REQ(j, k) = HFETCH;
		serve(k)
	:: st[k] >= WP1 -> REQ(j, k) = HFETCH
	:: else -> ANS(k, j) = V_REP
	fi
}

inline got_fetchw(k, j) {
	REQ(j, k) = 0;
	if
	:: st[k] == UNM -> ANS(k, j) = V_UNM
	:: st[k] == NRP -> assert(false)
	:: st[k] == SHA -> ANS(k, j) = data[k]
	:: st[k] == MOD ->
		REQ(j, k) = HFETCHW;
		conc[k] = conc[k] - (conc[k] & BIT(j));
		serve(k)
	:: st[k] == WP1 || st[k] == WP2 ->
		REQ(j, k) = HFETCHW;
		fws[k] = fws[k] | BIT(j)
	:: st[k] == WRD ->
		ANS(k, j) = V_REP;
		fws[k] = fws[k] | BIT(j)
	:: else -> ANS(k, j) = V_REP
	fi
}

inline got_invalid(k, j) {
	REQ(j, k) = 0;
	if
	:: st[k] == NRP -> assert(false)
	:: st[k] == MOD -> ANS(k, j) = NACK_W
	:: st[k] >= WP1 ->
		invs[k] = invs[k] | BIT(j);
		if
		:: rank[j] < rank[k] -> ANS(k, j) = ACK_W
		:: else -> ANS(k, j) = NACK_W
		fi
	:: else ->
		ANS(k, j) = ACK_0;
		owner[k] = j + 1;
		if
		:: st[k] == FNR || st[k] == FVA -> st[k] = FIN
		:: st[k] == SHA ->
			data[k] = 0;
			st[k] = INV
		:: st[k] == IR1 -> st[k] = IR2
		:: else
		fi
	fi
}

inline got_answer(k, j) {
	y = ANS(j, k);
	ANS(j, k) = 0;
	if
	:: y >= ACK_0 ->
		assert(st[k] == WP1 || st[k] == WP2);
		if
		:: y != ACK_0 -> conc[k] = conc[k] | BIT(j)
		:: else
		fi;
		if
		:: y == NACK_W ->
			data[k] = 0;
			st[k] = WP2
		:: else
		fi
	:: y <= FRESH ->
		assert(WAITS(k) && st[k] != WP1 && st[k] != WP2);
		if
		:: (owner[k] == 0 || owner[k] == j + 1 || st[k] == WRD) && (data[k] == 0 || (R7 && y > data[k])) -> data[k] = y
		:: else
		fi
	:: else ->
		assert(WAITS(k) && st[k] != WP1 && st[k] != WP2);
		if
		:: y == V_FET && st[k] == FNR -> st[k] = FVA
		:: y == V_REP && st[k] <= FIN -> void2[k] = 1
		:: else
		fi
	fi
}

/* the order bit is set only while both are in flight */
#define INFLIGHT(j, k) (REQ(j, k) >= FETCH && REQ(j, k) <= INVAL)
#define REQUEST_MAY(j, k) (INFLIGHT(j, k) && !ansfirst[(j) * N + (k)])
#define ANSWER_MAY(j, k) (ANS(j, k) != 0 && (!FIFO || !INFLIGHT(j, k) || ansfirst[(j) * N + (k)]))

#define TIDY x = 0; y = 0; served = 0

#define DELIVERIES(j, k) \
	:: d_step { REQUEST_MAY(j, k) && REQ(j, k) == FETCH -> ansfirst[j * N + k] = 0; got_fetch(k, j); settle(k); TIDY } \
	:: d_step { REQUEST_MAY(j, k) && REQ(j, k) == FETCHW -> ansfirst[j * N + k] = 0; got_fetchw(k, j); settle(k); TIDY } \
	:: d_step { REQUEST_MAY(j, k) && REQ(j, k) == INVAL -> ansfirst[j * N + k] = 0; got_invalid(k, j); settle(k); TIDY } \
	:: d_step { ANSWER_MAY(j, k) -> ansfirst[j * N + k] = 0; got_answer(k, j); settle(k); TIDY }

/* a pending write is taken up again in Shared; a new one begins there: one option per place of the stamp */
#define WRITES(k, older) \
	:: d_step { st[k] == SHA && pend[k] == 0 && older <= WRITERS -> pend[k] = WR; begin_write(k, older); TIDY } \
	:: d_step { st[k] == SHA && pend[k] == WR && older <= WRITERS -> begin_write(k, older); TIDY }

#define ACCESSES(k) \
	:: d_step { pend[k] == 0 && st[k] == UNM -> pend[k] = RD; st[k] = FNR; broadcast(k, FETCH); TIDY } \
	:: d_step { pend[k] == 0 && st[k] == UNM -> pend[k] = WR; st[k] = FNR; broadcast(k, FETCH); TIDY } \
	:: d_step { pend[k] == 0 && st[k] == INV -> pend[k] = RD; st[k] = IR1; broadcast(k, FETCH); TIDY } \
	:: d_step { pend[k] == 0 && st[k] == INV -> pend[k] = WR; st[k] = IR1; broadcast(k, FETCH); TIDY } \
	:: d_step { pend[k] != 0 && st[k] == INV -> st[k] = IR1; broadcast(k, FETCH); TIDY } \
	:: d_step { pend[k] == 0 && st[k] == NRP && !written -> commit(k); TIDY } \
	:: d_step { DELAYED && OVER(k) -> leave(k); TIDY }

active proctype protocol() {
	do
	ACCESSES(0) WRITES(0, 0) WRITES(0, 1)
	ACCESSES(1) WRITES(1, 0) WRITES(1, 1)
	DELIVERIES(0, 1) DELIVERIES(1, 0)
#if N > 2
	WRITES(0, 2) WRITES(1, 2)
	ACCESSES(2) WRITES(2, 0) WRITES(2, 1) WRITES(2, 2)
	DELIVERIES(0, 2) DELIVERIES(2, 0) DELIVERIES(1, 2) DELIVERIES(2, 1)
#endif
#if N > 3
	WRITES(0, 3) WRITES(1, 3) WRITES(2, 3)
	ACCESSES(3) WRITES(3, 0) WRITES(3, 1) WRITES(3, 2) WRITES(3, 3)
	DELIVERIES(0, 3) DELIVERIES(3, 0) DELIVERIES(1, 3) DELIVERIES(3, 1) DELIVERIES(2, 3) DELIVERIES(3, 2)
#endif
	od
}
