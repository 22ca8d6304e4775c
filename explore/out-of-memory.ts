/** Whether what was thrown says that an array buffer could not be had. */
export function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes("allocation failed");
}
