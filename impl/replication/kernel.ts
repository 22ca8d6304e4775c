/** All parts of the system over one array of words, each built once for the port that it was given. */
import type { MemoryPort } from "../memory-port.js";
import { HeadFormat } from "../page-cache/head.js";
import { NarrowHeads } from "../page-cache/heads.js";
import { PageCache } from "../page-cache/page-cache.js";
import { CACHE_RULES } from "../page-cache/rules.js";
import { EntryMemory } from "../page-table/entry-memory.js";
import { FramePool } from "../page-table/frame-pool.js";
import { Hardware } from "../page-table/hardware.js";
import type { TableLayout } from "../page-table/layout.js";
import { Allocate } from "./allocate.js";
import { CacheCounts, TablePages } from "./cache-pages.js";
import { Counters } from "./counters.js";
import { Cursor } from "./cursor.js";
import { DataFrames } from "./data-frames.js";
import { Descriptors } from "./descriptors.js";
import { HeldLeaf } from "./held-leaf.js";
import { Interrupts } from "./interrupts.js";
import type { ReplicationLayout } from "./layout.js";
import { Locks } from "./locks.js";
import { Ranges } from "./ranges.js";
import { Readers } from "./readers.js";
import { Release } from "./release.js";
import { Rings } from "./rings.js";
import type { Rules } from "./rules.js";
import { Setters } from "./setters.js";
import { Shootdown } from "./shootdown.js";
import { Spaces } from "./spaces.js";

/** What `inherit` and `mode` are after boot (spec section 3). */
const INITIAL_MODE = -1;
const INITIAL_INHERIT = 1;

export class Kernel {
  readonly memory: MemoryPort;
  readonly layout: ReplicationLayout;
  readonly tables: TableLayout;
  readonly rules: Rules;
  readonly entries: EntryMemory;
  readonly hardware: Hardware;
  readonly tablePool: FramePool;
  readonly dataPool: FramePool;
  readonly descriptors: Descriptors;
  readonly counters: Counters;
  readonly rings: Rings;
  readonly setters: Setters;
  readonly readers: Readers;
  readonly spaces: Spaces;
  readonly ranges: Ranges;
  readonly locks: Locks;
  readonly interrupts: Interrupts;
  readonly cache: PageCache<number>;
  readonly cacheCounts: CacheCounts;
  readonly release: Release;
  readonly allocate: Allocate;
  readonly frames: DataFrames;
  readonly shootdown: Shootdown;
  readonly cursor: Cursor;
  readonly heldLeaf: HeldLeaf;
  /** Copies that a running enable has made or a running disable has unlinked, and the bases: scratch of these two. */
  readonly madeCopies: Int32Array;
  readonly madeBases: Int32Array;

  constructor(memory: MemoryPort, layout: ReplicationLayout, rules: Rules) {
    this.memory = memory;
    this.layout = layout;
    this.tables = layout.tables;
    this.rules = rules;
    this.entries = new EntryMemory(memory, layout.tables);
    this.hardware = new Hardware(memory, layout.tables);
    this.tablePool = FramePool.ofTables(memory, layout.tables);
    this.dataPool = FramePool.ofData(memory, layout.tables);
    this.descriptors = new Descriptors(memory, layout);
    this.counters = new Counters(memory, layout, rules);
    this.rings = new Rings(this.descriptors, layout.tables, rules);
    this.setters = new Setters(this.entries, this.rings, this.counters, rules);
    this.readers = new Readers(this.entries, this.rings, rules);
    this.spaces = new Spaces(memory, layout);
    this.ranges = new Ranges(memory, layout);
    this.locks = new Locks(memory, layout, this.descriptors, this.rings, rules);
    this.interrupts = new Interrupts(memory, layout, rules);
    this.cacheCounts = new CacheCounts(this.counters);
    const heads = Int32Array.from({ length: layout.nodes }, (_, node) => layout.cacheHead(node));
    this.cache = new PageCache({
      memory,
      heads: new NarrowHeads(memory, new HeadFormat(layout.tableFrames, layout.tagBits), heads),
      counts: heads.map((head) => head + 1),
      pages: new TablePages(layout, this.descriptors, this.entries, this.tablePool),
      counters: this.cacheCounts,
      rules: { ...CACHE_RULES, zeroAtPush: rules.zeroAtPush },
    });
    this.release = new Release({ ...this, pool: this.tablePool });
    this.allocate = new Allocate({ ...this, pool: this.tablePool, release: this.release });
    this.frames = new DataFrames(memory, layout, this.dataPool);
    this.shootdown = new Shootdown(this.hardware, this.interrupts, this.spaces, this.counters, rules);
    this.cursor = new Cursor(this.entries);
    this.heldLeaf = new HeldLeaf(this);
    this.madeCopies = new Int32Array(layout.tableFrames);
    this.madeBases = new Int32Array(layout.tableFrames);
  }

  /** A machine with all frames free, no process, all CPUs idle. */
  initialise(): void {
    for (let word = 0; word < this.layout.words; word++) this.memory.store("initialise", word, 0);
    this.tablePool.initialise();
    this.dataPool.initialise();
    this.hardware.initialise();
    this.spaces.setMode(INITIAL_MODE);
    this.spaces.setInherit(INITIAL_INHERIT);
  }

  /** Prepares the parts that remember something for the length of one operation. */
  begin(cpu: number): void {
    this.allocate.begin();
    this.release.begin();
    this.frames.begin();
    this.release.actorNode = this.tables.nodeOfCpu(cpu);
  }

  /** The node that data for a CPU's fault is wanted on: the space's policy, else the CPU's own. */
  dataNode(slot: number, cpu: number): number {
    const policy = this.spaces.policy(slot);
    return policy >= 0 ? policy : this.tables.nodeOfCpu(cpu);
  }

  /** Loads a root on a CPU, which flushes it. */
  load(cpu: number, root: number): void {
    if (this.rules.loadFlushes) this.hardware.loadRoot(cpu, root);
    else this.memory.store("cpu.loadRoot", this.tables.cpuIndex(cpu), root);
  }
}
