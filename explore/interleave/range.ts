/** @throws Error naming the limit if `value` is not an integer from `low` */
export function checkRange(name: string, value: number, low: number): void {
  if (!Number.isInteger(value) || value < low) throw new Error(`${name} is ${value}: expected an integer from ${low}`);
}
