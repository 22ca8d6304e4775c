import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../explore/interleave/executions.js";
import { interleave } from "../../explore/interleave/interleave.js";
import { tryRandomSchedules } from "../../explore/interleave/random-schedules.js";
import { scheduleText } from "../../explore/interleave/schedule-text.js";
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import { interleavedPrograms } from "../../properties/page-cache/interleaved.js";
import {
  equivalentOmissions,
  interleavedMutants,
  onlyClaim,
  rulesWithout,
  wrapPrograms,
} from "../../properties/page-cache/interleaved-mutants.js";
import { lockedProgram } from "../../properties/page-cache/locked-stack.js";
import { allClaims, cacheClaims } from "../../properties/page-cache/program-claims.js";
import { type CacheProgram, cacheProgram, geometryOf } from "../../properties/page-cache/programs.js";

const nobodyIsHeldUp = { nobodyIsHeldUp: true };
const untagged = interleavedMutants.find(({ id }) => id === "M29")!;

describe("all schedules of the page cache", () => {
  it.each(interleavedPrograms.filter(({ effort }) => effort === "quick"))("$name: $title", (each) => {
    const found = interleave(each.program(), each.claims);
    expect(found.failure).toBeNull();
    expect(found).toMatchObject({ verdict: "held", bound: null, store: "full", ...each.expected });
    expect(found.claim).toContain("Complete because every shared access went through the port");
  });

  it.each(interleavedPrograms.filter(({ shape }) => shape.head === "address"))(
    "$name is the search of the 32-bit head over again",
    (wide) => {
      const same = interleavedPrograms.find(
        ({ shape }) => shape.head === undefined && shape.letters.join() === wide.shape.letters.join(),
      );
      expect(wide.expected).toEqual(same!.expected);
    },
  );

  it.each(["o oou", "ou ou", "oou oou", "o o ou", "ou d", "oou d"])("of %s agree with sleep sets", (letters) => {
    for (const tagBits of [16, 0]) {
      const shape: CacheProgram = { letters: letters.split(" "), tagBits };
      // Where a lost page ends the search, both must lose it; the monitor of histories is the same code in both.
      const claims = onlyClaim(shape, "everyFrameIsOnce");
      const bySleepSets = enumerateExecutions(cacheProgram(shape), claims, { sleepSets: true });
      expect(bySleepSets.verdict).toBe(interleave(cacheProgram(shape), claims).verdict);
      expect(bySleepSets.verdict).not.toBe("unfinished");
    }
  });
});

describe("each mutant", () => {
  it.each(interleavedMutants)("$id gets the same verdict from sleep sets", ({ program, claims }) => {
    expect(enumerateExecutions(program(), claims, { sleepSets: true }).verdict).toBe("violated");
  });
});

describe("without a tag", () => {
  it("a page has two owners after twelve accesses to head and links, with one preemption", () => {
    const { failure } = interleave(untagged.program(), untagged.claims);
    expect(failure).toMatchObject({ preemptions: 1, switches: 2 });
    expect(failure!.schedule.join("")).toBe("001111111110");
    expect(failure!.rows.filter(({ label }) => /head|next|[.]link$|swap/.test(label)).length).toBe(12);
    const text = scheduleText(failure!).split("\n");
    const turns = text
      .filter((line) => /^\d/.test(line))
      .map((line) => line.replace(/^\d+ */, "").replace(/ +\[.*/, ""));
    expect(turns.map((line) => line.trim())).toEqual([
      "pop: pop.head",
      "pop.next",
      "pop: pop.head",
      "pop.next",
      "pop.swap",
      "pop: pop.head",
      "pop.next",
      "pop.swap",
      "push: push.head",
      "push.link",
      "push.swap",
      "pop.swap",
    ]);
    expect(failure!.witness).toBe("frame 1 is on the list of node 0 and with T2");
  });
});

describe("each rule is needed", () => {
  it.each(interleavedMutants)("$id: $rule ($claim falls after $turns turns)", (mutant) => {
    const { verdict, failure } = interleave(mutant.program(), mutant.claims);
    expect(verdict).toBe("violated");
    expect(failure!.claim).toBe(mutant.claim);
    expect(failure!.schedule.length).toBe(mutant.turns);
  });

  it.each(equivalentOmissions.drops.map((drops) => [drops.join(" and "), drops] as const))(
    "but not %s, as long as the others stand",
    (_, drops) => {
      for (const shape of equivalentOmissions.shapes) {
        const claims = allClaims(shape);
        const others = claims.atEnd!.filter(({ name }) => name !== "tagCountsTheChanges");
        const found = interleave(cacheProgram(shape, rulesWithout(drops)), { ...claims, atEnd: others });
        expect([found.verdict, shape.letters.join("/")]).toEqual(["held", shape.letters.join("/")]);
      }
    },
  );
});

describe("a tag that comes round", () => {
  it.each(wrapPrograms)("$shape.letters: $form at widths $breaks, $turns turns", ({ shape, breaks, turns, claim }) => {
    for (const tagBits of breaks) {
      const narrow = { ...shape, tagBits };
      const { failure } = interleave(cacheProgram(narrow), onlyClaim(narrow, claim));
      expect(failure!.claim).toBe(claim);
      expect([tagBits, failure!.schedule.length]).toEqual([tagBits, turns]);
    }
    const enough = { ...shape, tagBits: breaks.at(-1)! + 1 };
    expect(interleave(cacheProgram(enough), allClaims(enough)).verdict).toBe("held");
  });

  it("takes 3 accesses a change, three more around them", () => {
    const twice = wrapPrograms.filter(({ form }) => form === "page taken twice");
    expect(twice.map(({ breaks, turns }) => turns - 3 * 2 ** breaks.at(-1)!)).toEqual([3, 3]);
  });
});

describe("words that are no schedule points", () => {
  const shapes = ["o oou", "ou ou", "ou d", "o ou", "o ouou", "oou d"].flatMap((letters) =>
    [16, 1, 0].map((tagBits): CacheProgram => ({ letters: letters.split(" "), frames: 2, tagBits })),
  );

  it.each(shapes)("leave the verdict on $letters, $tagBits bits, as it is", (shape) => {
    const claims = cacheClaims(shape);
    const atEnd = { atEnd: [claims.everyFrameIsOnce, claims.countsAreExact] };
    const without = interleave(cacheProgram(shape), atEnd);
    const every = interleave(cacheProgram({ ...shape, points: "everything" }), atEnd);
    expect(every.verdict).toBe(without.verdict);
    expect(every.states!).toBeGreaterThan(without.states!);
  });

  it("must be points where the claim reads them: a count that drain overwrites shows only then", () => {
    const shape: CacheProgram = { letters: ["d", "ou"] };
    const mutant = () => cacheProgram(shape, rulesWithout(["exactDrain"]));
    expect(interleave(mutant(), onlyClaim(shape, "countsAreExact")).verdict).toBe("held");
    const counted: CacheProgram = { ...shape, points: ["counts"] };
    const program = cacheProgram(counted, rulesWithout(["exactDrain"]));
    expect(interleave(program, onlyClaim(counted, "countsAreExact")).verdict).toBe("violated");
    const late = interleave(program, onlyClaim(counted, "countersLagByWhatIsUnderWay"));
    expect(late.failure!.witness).toBe("the count is off by -2 while d, u are under way");
  });
});

describe("what the tag does not protect", () => {
  it("is the content: a walk that comes late dirties a page that lies zeroed on the list", () => {
    const shape: CacheProgram = { letters: ["o", "w"], contents: true, points: ["contents"] };
    const { failure } = interleave(cacheProgram(shape), onlyClaim(shape, "poppedPagesAreClean"));
    expect(failure).toMatchObject({ witness: "frame 0 was popped with old entries or an old link" });
    expect(failure!.rows.filter(({ name }) => name === "walk").map(({ label }) => label)).toEqual(["page.write"]);
  });
});

describe("schedules at random", () => {
  it("find the untagged page in a program too large to cover, and tell it by no more than is needed", () => {
    const shape: CacheProgram = { letters: ["oouuoouu", "oouoouu", "ouoouu"], frames: 4, tagBits: 0 };
    const claims = onlyClaim(shape, "noFrameIsTwice");
    const uniform = tryRandomSchedules(cacheProgram(shape), claims, { runs: 1000, seed: 1, strategy: "uniform" });
    expect(uniform).toMatchObject({ method: "random", verdict: "violated", failure: { minimality: "1-minimal" } });
    expect(uniform.failure!.schedule.length).toBe(12);
    const byPriority = tryRandomSchedules(cacheProgram(shape), claims, { runs: 1000, seed: 1, strategy: 3 });
    expect(byPriority.failure!.kept.filter((kept) => kept.length > 0).length).toBe(2);
  });

  it("say of the tagged cache only that they have found nothing", () => {
    const shape: CacheProgram = { letters: ["oouuoouu", "oouduu", "ouoouu"], frames: 4 };
    const claims = onlyClaim(shape, "noFrameIsTwice");
    const found = tryRandomSchedules(cacheProgram(shape), claims, { runs: 300, seed: 1, strategy: "uniform" });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "300 random schedules", failure: null, claim: null });
  });
});

describe("who is stopped", () => {
  it("holds up nobody, wherever it is stopped in the cache", () => {
    const shape: CacheProgram = { letters: ["ou", "ou", "d"], points: "everything", frames: 2 };
    expect(interleave(cacheProgram(shape), nobodyIsHeldUp)).toMatchObject({ verdict: "held", bound: null });
  });

  it("holds up the others behind a lock", () => {
    const program = lockedProgram(["ou", "ou"], 2);
    expect(interleave(program, {})).toMatchObject({ verdict: "held" });
    const { failure } = interleave(lockedProgram(["ou", "ou"], 2), nobodyIsHeldUp);
    expect(failure).toMatchObject({ claim: "nobodyIsHeldUp" });
    expect(failure!.rows.map(({ label }) => label)).toEqual(["lock"]);
  });
});

describe("the build with a plain link", () => {
  it("is outside the theory, and says so", () => {
    const shape: CacheProgram = { letters: ["o", "o"] };
    const atomic = cacheProgram(shape);
    const geometry = geometryOf(shape);
    const words = new Int32Array(new SharedArrayBuffer(4 * atomic.shared.length));
    words.set(atomic.shared);
    const plain = LocklessPageCache.attach(words, geometry, { links: "plain" });
    expect([plain.isCovered, LocklessPageCache.attach(words, geometry).isCovered]).toEqual([false, true]);
    const found = interleave(
      {
        ...atomic,
        threads: (port, trapped) => {
          const cache = LocklessPageCache.attachOver(port, geometry, { links: "plain" }, { words: trapped });
          return ["T1", "T2"].map((name) => ({ name, operations: [{ name: "pop", run: () => cache.pop(0) }] }));
        },
      },
      {},
    );
    expect(found.verdict).toBe("outside");
    expect(found.outside).toContain("of the shared words plainly");
  });
});
