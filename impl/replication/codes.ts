/** Answers as numbers: what the operations say to each other, without an object. 0 and above is a value. */
export const EINVAL = -1;
export const EALREADY = -2;
export const ESRCH = -3;
export const EFAULT = -4;
export const EBUSY = -5;
export const ENOMEM = -6;
export const EEXIST = -7;
/** An access outside every range, against the range's rights, or to a page whose data is moving. */
export const NO_RANGE = -8;
export const NO_RIGHTS = -9;
export const WAITS = -10;

/** How a touch got through. */
export const SERVED_TLB = 0;
export const SERVED_WALK = 1;
export const SERVED_FAULT = 2;
export const SERVED_COPY = 3;

/** No frame, no range, no node. */
export const NONE = -1;
