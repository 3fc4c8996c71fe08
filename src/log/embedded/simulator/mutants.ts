/** Faults to plant into copies of the engine, one at a time. `hunt.ts` plants them, and lets the simulation look for them. */

/** A fault: in these files, these texts become those. */
export interface Mutant {
  readonly name: string;
  /** The rule of SPEC.md that it breaks. */
  readonly rule: string;
  /** Below `replica/`: where its texts are, unless an edit names another file. */
  readonly file: string;
  readonly edits: readonly (readonly [find: string, replace: string, file?: string])[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledges before its own disk has it',
    rule: 'R4',
    file: 'in-sync-set.ts',
    edits: [['let upto = core.window.durable;', 'let upto = core.window.last.index;']],
  },
  {
    name: 'acknowledges without waiting for the members of the set',
    rule: 'R4',
    file: 'in-sync-set.ts',
    edits: [['upto = Math.min(upto, isIt ? follower.match : 0);', '']],
  },
  {
    name: 'counts as stored what it has sent to a member that has not said its state',
    rule: 'R4',
    file: 'primary.ts',
    edits: [['follower.confirm(agrees);', 'follower.confirm(follower.next - 1);']],
  },
  {
    name: 'does not wait for a member that it has lost the link to',
    rule: 'R5',
    file: 'in-sync-set.ts',
    edits: [['upto = Math.min(upto, isIt ? follower.match : 0);', 'if (isIt) upto = Math.min(upto, follower.match);']],
  },
  {
    name: 'commits with the smaller set before that is durable',
    rule: 'R5',
    file: 'in-sync-set.ts',
    edits: [
      [
        'this.#writing === null ? [this.#manifest] : [this.#manifest, this.#writing]',
        '[this.#writing ?? this.#manifest]',
      ],
    ],
  },
  {
    name: 'names a joining member before it has what is committed',
    rule: 'R6',
    file: 'in-sync-set.ts',
    edits: [['if (follower.match >= committed) return true;', 'return true;']],
  },
  {
    name: 'acknowledges while a joining member has not stored',
    rule: 'R6',
    file: 'in-sync-set.ts',
    edits: [
      ['this.#writing === null ? [this.#manifest] : [this.#manifest, this.#writing]', '[this.#manifest]'],
      ['if (follower.joiningSinceMs !== null) upto = Math.min(upto, follower.match);', ''],
    ],
  },
  {
    name: 'leads before its epoch is durable',
    rule: 'R2',
    file: 'taking-over.ts',
    edits: [
      [
        "core.out.push({ type: 'write-manifest', manifest: this.#next });",
        'core.become(core.roles.primary(this.#next));',
      ],
    ],
  },
  {
    name: 'leads again in the epoch that it found',
    rule: 'R2',
    file: 'taking-over.ts',
    edits: [['Math.max(this.#found.epoch, core.epoch, knownEpoch) + 1', 'Math.max(this.#found.epoch, 1)']],
  },
  {
    name: 'leads from outside the set',
    rule: 'R7',
    file: 'seeking.ts',
    edits: [['if (isMember === true) {', 'if (manifest !== null) {']],
  },
  {
    name: 'takes a wiped member for the one it was',
    rule: 'R8',
    file: 'seeking.ts',
    edits: [
      [
        '({ name, incarnation }) => name === self.name && incarnation === self.incarnation',
        '({ name }) => name === self.name',
      ],
    ],
  },
  {
    name: 'throws its uncommitted tail away when it is promoted',
    rule: 'R9',
    file: 'primary.ts',
    edits: [
      [
        'const entry = mark(core.window.last, core.epoch, this.#stamp());',
        'core.store({ truncateAfter: core.committed, entries: [] }, () => {}); const entry = mark(core.window.last, core.epoch, this.#stamp());',
      ],
    ],
  },
  {
    name: 'takes a log for its own because it is as long',
    rule: 'R10',
    file: 'primary.ts',
    edits: [['return ours !== null && sameHash(ours.hash, theirs.hash);', 'return ours !== null;']],
  },
  {
    name: 'goes wrong by one where two logs part',
    rule: 'R10',
    file: 'follower-progress.ts',
    edits: [['this.stream(this.#agrees);', 'this.stream(this.#differs);']],
  },
  {
    name: 'applies what its primary has committed, before its own log is known to be the same',
    rule: 'R11',
    file: 'following.ts',
    edits: [
      [
        'Math.min(this.#primaryCommitted, this.#verifiedOnDisk)',
        'Math.min(this.#primaryCommitted, this.#core.window.durable)',
      ],
    ],
  },
  {
    name: 'says that it has stored what is still on its way to the disk',
    rule: 'R4',
    file: 'following.ts',
    edits: [['return Math.min(this.#verified, this.#core.window.durable);', 'return this.#verified;']],
  },
  {
    name: 'keeps its own tail instead of the primary’s entries',
    rule: 'R10',
    file: 'following.ts',
    edits: [['if (own === null || !sameHash(own.hash, entry.hash)) break;', '']],
  },
  {
    name: 'takes a pause of its own for its primary’s silence, and kills it',
    rule: 'R1',
    file: 'following.ts',
    edits: [['this.#heardAtMs = Math.max(this.#heardAtMs + pausedMs, toReadMs);', '']],
  },
  {
    name: 'stamps whatever its clock says',
    rule: 'R14',
    file: 'primary.ts',
    edits: [['return Math.max(this.#core.now.wallMs, this.#core.window.lastAt);', 'return this.#core.now.wallMs;']],
  },
  {
    name: 'leads with an empty log, and lets it cut the others’',
    rule: 'R8',
    file: 'following.ts',
    edits: [
      ['if (lead.began === 1 && core.committed > 0', 'if (core.window.last.index < 0'],
      ['if (cut < core.committed) {', 'if (cut < 0) {'],
      [
        '({ name, incarnation }) => name === self.name && incarnation === self.incarnation',
        '({ name }) => name === self.name',
        'seeking.ts',
      ],
    ],
  },
  {
    name: 'leads with half of a log, when completing it has failed',
    rule: 'R7',
    file: 'taking-over.ts',
    edits: [
      ["core.out.push({ type: 'release-lock' });", ''],
      ['core.become(core.roles.seeking(core.config.outsiderLockDelayMs));', 'this.#write(core.epoch);'],
    ],
  },
  {
    name: 'goes on when a write has failed',
    rule: 'R16',
    file: 'replica.ts',
    edits: [['core.halt(input.fault);', '']],
  },
  {
    name: 'kills whoever has the pid of a primary that is gone',
    rule: 'R1',
    file: '../simulator/process-table.ts',
    edits: [['process !== undefined && process.id.identity === identity ? process : null', 'process ?? null']],
  },
  {
    name: 'installs a snapshot without looking what it is of',
    rule: 'R18',
    file: 'following.ts',
    edits: [['found.index !== snapshot.index || !sameHash(found.hash, snapshot.hash)', 'false']],
  },
  {
    name: 'trims what no durable snapshot has',
    rule: 'R18',
    file: 'core.ts',
    edits: [
      ['const kept = Math.min(this.#snapshot.index - config.logKeepEntries, held);', 'const kept = this.committed;'],
    ],
  },
  {
    name: 'says that a snapshot is installed while it is on its way to the disk',
    rule: 'R18',
    file: 'following.ts',
    edits: [
      [
        'core.store({ replaceWith: snapshot, entries: [] }, () => {',
        'core.store({ replaceWith: snapshot, entries: [] }, () => {}); (() => {',
      ],
      [
        '      this.#fetching = null;\n      this.#hasMissed = false;\n      this.#sayState();\n    });',
        '      this.#fetching = null;\n      this.#hasMissed = false;\n      this.#sayState();\n    })();',
      ],
    ],
  },
];
