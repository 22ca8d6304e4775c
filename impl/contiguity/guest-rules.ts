/** The rules of two dimensions (7.3), each of which can be dropped to see what it is for. */
export interface GuestRules {
  /** V1: a page whose guest frame has nothing behind it is not present. Without it: in the frame that stands for none. */
  readonly hostAbsentIsAbsent: boolean;
  /** V2: an offset is page minus host frame. Without it: page minus guest frame. */
  readonly offsetsReachHost: boolean;
  /** V3: a range has consecutive guest frames as well. */
  readonly guestFramesContinue: boolean;
  /** V5: a range has consecutive host frames. */
  readonly hostFramesContinue: boolean;
  /** V4: a huge page is one in both dimensions. Without it: in either. */
  readonly hugeInBoth: boolean;
  /** V6: other flags end a range. */
  readonly flagsCut: boolean;
}

export const GUEST_RULES: GuestRules = {
  hostAbsentIsAbsent: true,
  offsetsReachHost: true,
  guestFramesContinue: true,
  hostFramesContinue: true,
  hugeInBoth: true,
  flagsCut: true,
};
