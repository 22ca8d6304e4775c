import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import { ALL_RULES } from "../../../impl/replication/rules.js";
import { publicationPrograms } from "../../../properties/replication/publication/interleaved.js";
import {
  equivalentOmissions,
  publicationMutants,
} from "../../../properties/replication/publication/interleaved-mutants.js";
import { programsAre } from "./programs-are.js";

const named = (name: string) => publicationPrograms.find((each) => each.name === name)!;

programsAre("quick");

describe("replica publication", () => {
  it("is searched by two methods that agree where both come to an end", () => {
    for (const id of ["M15", "M16"]) {
      const mutant = publicationMutants.find((each) => each.id === id)!;
      const found = enumerateExecutions(mutant.program(), mutant.claims, { sleepSets: true });
      expect(found).toMatchObject({ verdict: "violated", failure: { claim: mutant.claim } });
    }
    const { program, claims } = named("enable / walk");
    const found = enumerateExecutions(program(), claims, { sleepSets: true });
    expect(found).toMatchObject({ verdict: "held", bound: null });
  });

  it("reads a page that a copy says is dirty as clean, if home is looked at once only", () => {
    const { program, claims } = named("get / move");
    const answers = (readHomeAgain: boolean) =>
      interleave(program({ ...ALL_RULES, readHomeAgain }), {
        outcome: (view) => (view.result(1, 0) < 0 ? "no leaf" : (view.result(1, 0) & 2) === 0 ? "clean" : "dirty"),
      }).outcomes;
    expect(answers(true)).toEqual(["dirty", "no leaf"]);
    expect(answers(false)).toEqual(["clean", "dirty", "no leaf"]);
    expect(claims.always).not.toEqual([]);
  });

  it("lets a CPU load its copy and go home, and a walk fault and not fault", () => {
    const { program } = named("disable / switch, walk");
    const loaded = interleave(program(), { outcome: (view) => `frame ${view.result(1, 1)}` });
    expect(loaded.outcomes).toEqual(["frame 10"]);
    const walks = interleave(named("unmap / walk, walk").program(), {
      outcome: (view) => [0, 1].map((walk) => (view.result(1, walk) < 0 ? "fault" : "frame")).join(),
    });
    expect(walks.outcomes).toEqual(["fault,fault", "frame,fault", "frame,frame"]);
  });

  it("has every rule that it drops on its own in a list, once", () => {
    const ids = [...publicationMutants, ...equivalentOmissions].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
