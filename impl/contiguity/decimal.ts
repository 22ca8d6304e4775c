/**
 * Numbers as C prints them with two decimals on x86-64: the exact binary value, rounded to the nearest, a tie to the even
 * digit. `Number.toFixed` differs on ties, which do occur: 3.125 is one.
 */

/** More binary places than a double of 2^-27 or more has; below that, two decimals are 0.00 anyway. */
const FRACTION_BITS = 80;
const SCALE = 1n << BigInt(FRACTION_BITS);

/** The not-a-number of a division 0 / 0 carries a sign there. */
export function twoDecimals(value: number): string {
  if (Number.isNaN(value)) return "-nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const digits = String(hundredths(Math.abs(value))).padStart(3, "0");
  return `${value < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function hundredths(value: number): bigint {
  const whole = Math.floor(value);
  const scaled = 100n * (BigInt(whole) * SCALE + BigInt(Math.floor((value - whole) * 2 ** FRACTION_BITS)));
  const floor = scaled / SCALE;
  const rest = 2n * (scaled % SCALE);
  return rest > SCALE || (rest === SCALE && floor % 2n === 1n) ? floor + 1n : floor;
}
