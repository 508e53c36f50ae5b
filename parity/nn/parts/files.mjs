// Files, both ways: what Python wrote, read and written here, is what Python made; what is written here is what Python makes.
import path from 'node:path';
import { torch } from '../../ops/isotorch.mjs';
import { CASES } from '../files/cases.mjs';

const { io } = torch;

/** Reading and writing here, by format. */
const OURS = {
  pt: [torch.load, (value, file) => torch.save(value, file)],
  npy: [io.load_npy, (value, file) => io.save_npy(file, value)],
  npz: [io.load_npz, (value, file) => io.save_npz(file, value)],
  npzc: [io.load_npz, (value, file) => io.save_npz(file, value, { compressed: true })],
  safetensors: [io.load_file, (value, file) => io.save_file(value, file)],
};
const readersOf = { pt4: 'pt', legacy: 'pt', tar: 'pt', npy2: 'npy', npy3: 'npy' };
const endings = { npzc: 'npz' };

function fileOf(context, name, format) {
  const ending = endings[format] ?? format;
  return path.join(context.folder, `${name}.${ending}`);
}

/** What makes a case fail; undefined for nothing. */
async function check(context, ask, { formats, python, becomes, ours }) {
  const expected = await ask({ describe: becomes ?? python });
  const compare = async (what, format, file) => {
    const read = await ask({ read: file, format: endings[format] ?? format });
    return read.text === expected.text
      ? undefined
      : `${what}\n  is     ${read.text.slice(-400)}\n  not    ${expected.text.slice(-400)}`;
  };
  for (const format of formats) {
    const theirs = fileOf(context, 'theirs', format);
    await ask({ save: python, format, path: theirs });
    const [read] = OURS[readersOf[format] ?? format];
    const kinds = OURS[format] === undefined ? formats[0] : format;
    const target = fileOf(context, 'again', kinds);
    for (const value of [read(theirs), ...(format === 'pt' ? [torch.load(theirs, { mmap: true })] : [])]) {
      OURS[kinds][1](value, target);
      const found = await compare(`what Python wrote as ${format}, written again`, kinds, target);
      if (found !== undefined) return found;
    }
  }
  if (ours === undefined) return undefined;
  torch.manual_seed(0);
  const file = fileOf(context, 'ours', formats[0]);
  OURS[formats[0]][1](ours(), file);
  const found = await compare('what is written here', formats[0], file);
  if (found !== undefined) return found;
  OURS[formats[0]][1](OURS[formats[0]][0](file), file);
  return compare('what is written here, read and written again', formats[0], file);
}

export async function run(context) {
  const python = context.startPython('files.py');
  await python.facts;
  const ask = async (request) => {
    const answer = await python.ask(request);
    if (answer.error !== undefined) throw new Error(`Python: ${answer.error}`);
    return answer;
  };
  const wanted = CASES.filter(({ name }) => context.isWanted(name));
  // Every fifth, of which there is at least one of each sort.
  const cases = context.quick ? wanted.filter((_, i) => i % 5 === 0) : wanted;
  const failures = [];
  for (const given of cases) {
    context.begin(given.name);
    try {
      const found = await check(context, ask, given);
      if (found !== undefined) failures.push(`${given.name}: ${found}`);
    } catch (error) {
      failures.push(`${given.name}: ${error.message}`);
    }
  }
  python.stop();
  return { done: cases.length - failures.length, all: cases.length, failures };
}
