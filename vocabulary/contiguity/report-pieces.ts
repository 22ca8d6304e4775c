/** The words in which a small address space is put together, piece by piece, for the report to be judged on. */
export type ReportOperation =
  /** Pages in consecutive frames, the first one `skip` frames behind the frame that was laid last. */
  | { readonly kind: "run"; readonly pages: number; readonly skip: number }
  /** Pages of which no two lie side by side. */
  | { readonly kind: "scattered"; readonly pages: number }
  /** From the next multiple of 512 on 512 pages, or 300 of them, in frames `shift` behind a multiple of 512. */
  | {
      readonly kind: "huge";
      readonly whole: boolean;
      /** Compound pages that the 512 frames are. */
      readonly folios: number;
      /** The frames are flagged as parts of huge pages. */
      readonly flagged: boolean;
      readonly shift: number;
    }
  | { readonly kind: "hole"; readonly pages: number }
  | { readonly kind: "swapped"; readonly pages: number }
  /** What follows is another area, so many pages behind the last one. */
  | { readonly kind: "area"; readonly gap: number }
  /** What follows is another process. */
  | { readonly kind: "process" };

export interface ReportShape {
  /** Where each process begins, and the first frame. */
  readonly start: number;
  readonly frame: number;
  /** Most pieces. */
  readonly piecesMax: number;
  /** The pieces that there are. */
  readonly pieces: readonly ReportOperation[];
}
