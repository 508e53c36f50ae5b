// What came out: counts by OpInfo and stage, the table, the closing line.
import { cell } from './cell.mjs';

/** Whether all samples of an OpInfo and stage match, and if not, why. */
class Outcome {
  samples = 0;
  ran = 0;
  bad = 0;
  /** First mismatch by dtype. */
  mismatches = [];
}

export class Report {
  units = 0;
  seconds = { python: 0, ours: 0 };
  slowest = [];

  constructor(ops, stages, envelope) {
    this.stages = stages;
    this.envelope = envelope;
    this.ops = new Map(ops.map(({ name }) => [name, new Map()]));
    this.broken = [];
  }

  #outcome(name, stage) {
    const stages = this.ops.get(name);
    if (!stages.has(stage)) stages.set(stage, new Outcome());
    return stages.get(stage);
  }

  /** The answer to one unit. */
  add(unit, answer, seconds) {
    this.units++;
    this.seconds.python += seconds.python;
    this.seconds.ours += seconds.ours;
    this.slowest.push({ name: unit.name, dtype: unit.dtype, ...seconds });
    if (answer.failed !== undefined) {
      this.broken.push({ name: unit.name, dtype: unit.dtype, text: answer.failed });
      for (const stage of unit.stages) {
        const outcome = this.#outcome(unit.name, stage);
        outcome.samples++;
        outcome.ran++;
        outcome.bad++;
        outcome.mismatches.push({
          unit,
          dtype: unit.dtype,
          reason: 'harness',
          text: answer.failed,
          variant: '',
          sample: '',
        });
      }
      return;
    }
    for (const [stage, { samples, ran, bad }] of Object.entries(answer.counts)) {
      const outcome = this.#outcome(unit.name, stage);
      outcome.samples += samples;
      outcome.ran += ran;
      outcome.bad += bad;
    }
    for (const mismatch of answer.mismatches) {
      this.#outcome(unit.name, mismatch.stage).mismatches.push({ unit, dtype: unit.dtype, ...mismatch });
    }
    for (const death of answer.deaths ?? []) {
      const outcome = this.#outcome(unit.name, unit.stages[0]);
      outcome.bad++;
      outcome.mismatches.push({
        dtype: unit.dtype,
        reason: 'crash',
        variant: '',
        sample: `sample ${death.index}`,
        ...death,
      });
    }
  }

  print(unit, answer) {
    if (answer.failed !== undefined) console.log(`${unit.name} ${unit.dtype}: ${answer.failed}`);
    for (const death of answer.deaths ?? [])
      console.log(`${unit.name} ${unit.dtype} sample ${death.index}: CRASH ${death.text}`);
    for (const { stage, variant, reason, text, index, sample } of answer.mismatches ?? []) {
      console.log(`${unit.name} ${unit.dtype} ${stage} ${variant} #${index} (${sample})\n  ${reason}: ${text}`);
    }
  }

  /** `[matching, all]` OpInfos of a stage. */
  count(stage) {
    const all = [...this.ops.values()]
      .map((stages) => stages.get(stage))
      .filter((outcome) => outcome && isCounted(stage, outcome));
    return [all.filter((outcome) => outcome.bad === 0).length, all.length];
  }

  /** Units with wrong bits, as requests to Python. */
  differing() {
    const units = new Set();
    for (const { outcome } of this.shortfalls) {
      for (const { reason, unit } of outcome.mismatches) if (reason === 'bits') units.add(unit);
    }
    return [...units];
  }

  /** What `runTwice` found: wrong bits where Python differs from itself have another reason. */
  addTwice(found) {
    for (const { name, dtype, differing } of found) {
      for (const mismatch of [...this.ops.get(name).values()].flatMap(({ mismatches }) => mismatches)) {
        if (mismatch.dtype !== dtype || mismatch.reason !== 'bits') continue;
        if (differing[mismatch.stage]?.includes(mismatch.index)) mismatch.reason = 'Python differs from itself';
      }
    }
  }

  /** Shortfalls, sorted by stage and name. */
  get shortfalls() {
    const rows = [];
    for (const stage of this.stages) {
      for (const name of [...this.ops.keys()].sort()) {
        const outcome = this.ops.get(name).get(stage);
        if (outcome && isCounted(stage, outcome) && outcome.bad > 0) rows.push({ stage, name, outcome });
      }
    }
    return rows;
  }

  get failures() {
    return this.shortfalls.length + this.broken.length;
  }

  line() {
    const parts = this.stages.map(
      (stage) => `${stage} ${this.count(stage).join('/')}${stage === 'forward' ? ' OpInfos bitwise' : ''}`,
    );
    return `op_db: ${parts.join(', ')}`;
  }

  text() {
    return this.shortfalls
      .map(({ stage, name, outcome }) => {
        const { dtype, variant, reason, text, sample } = outcome.mismatches[0] ?? {};
        return `${stage} ${name}: ${outcome.bad} of ${outcome.samples}; ${dtype} ${variant} (${sample})\n    ${reason}: ${text}`;
      })
      .join('\n');
  }

  json() {
    return {
      envelope: this.envelope,
      counts: Object.fromEntries(this.stages.map((stage) => [stage, this.count(stage)])),
      shortfalls: this.shortfalls.map(({ stage, name, outcome: { samples, bad, mismatches } }) => ({
        stage,
        name,
        samples,
        bad,
        mismatches: mismatches.map(({ unit: _, ...rest }) => rest),
      })),
      slowest: this.slowest.sort((a, b) => b.ours + b.python - a.ours - a.python).slice(0, 30),
    };
  }

  /** Names of the shortfalls by stage. */
  names() {
    return Object.fromEntries(
      this.stages.map((stage) => [stage, this.shortfalls.filter((row) => row.stage === stage).map(({ name }) => name)]),
    );
  }

  markdown({ torch }) {
    const rows = this.shortfalls.map(({ stage, name, outcome }) => {
      const { dtype, variant, reason, text, sample } = outcome.mismatches[0] ?? {};
      return `| ${stage} | ${name} | ${outcome.bad} of ${outcome.samples} | ${cell(reason)} | ${cell(`${dtype} ${variant}`)} | \`${cell(sample)}\` | ${cell(text)} |`;
    });
    return `# op_db, byte for byte

Made by \`npm run parity:ops\` with torch ${torch}; do not edit. One row for every OpInfo that falls short.

\`${this.line()}\`

Numeric envelope: \`${JSON.stringify(this.envelope)}\`

| stage | OpInfo | samples | reason | first in | arguments | what differs |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
  }
}

/** In the denominator is every OpInfo that Python itself runs on the CPU; for errors, every one that has an error input which raises. */
function isCounted(stage, outcome) {
  return stage === 'errors' ? outcome.samples > outcome.ran : outcome.ran > 0;
}
