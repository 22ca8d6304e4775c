/**
 * Multicast groups (paper, 5.2): whom a kernel asks, and how kernels come to know of each other. The group is in the copy:
 * the other kernels that are known to use the page.
 */
import type { Message } from "../../vocabulary/coherency/operations.js";
import type { Scene } from "./act.js";
import { othersThan, withCopy, withMember } from "./state.js";

const isMulticast = ({ configuration }: Scene): boolean => configuration.rules.multicast !== "off";
const mine = ({ state, kernel }: Scene) => state.copies[kernel]!;

function withUser(scene: Scene, user: number): Scene {
  const group = withMember(mine(scene).group, user);
  return { ...scene, state: withCopy(scene.state, scene.kernel, { group }) };
}

/** A first touch asks everybody: nobody knows of it yet. Later requests go to the group. */
export function audience(scene: Scene): readonly number[] {
  const { state, group } = mine(scene);
  return isMulticast(scene) && state !== "FetchNR" ? group : othersThan(scene.state, scene.kernel);
}

/** A request has come: its sender uses the page. Who does not use it keeps no group. */
export function takeAskerIn(scene: Scene): Scene {
  if (!isMulticast(scene) || mine(scene).state === "Unmapped") return scene;
  return withUser(scene, scene.from);
}

/** An answer has come: those whom its sender knows of are known. */
export function learn(scene: Scene): Scene {
  const { message, kernel } = scene;
  const told = message !== "none" && "group" in message ? message.group : [];
  return told.filter((user) => user !== kernel).reduce(withUser, scene);
}

/** A Copy or CopyVoid with what it tells of the page's users. */
export function telling(scene: Scene, answer: Extract<Message, { readonly kind: "Copy" | "CopyVoid" }>): Message {
  if (!isMulticast(scene) || mine(scene).state === "Unmapped") return answer;
  return { ...answer, group: withMember(mine(scene).group, scene.kernel) };
}
