/** `torch.export.load`. */
import { pythonFunction } from '../call';
import { ours } from '../core';
import type { Tensor } from '../memory';
import { ExportedProgram } from './exported_program';
import { reading } from '../serialization/inside';
import { Archive } from './file/archive';
import { Fault, fail } from './file/fault';
import { readProgram } from './file/program';
import type { ProgramFile } from './file/types';
import { readTensors } from './file/weights';
import { makeGuards } from './guards';
import { userInputs } from './leaves';
import { leafCount, leafPaths, parseTreeSpec, type TreeSpec } from './pytree';
import type { Prepared } from './graph_module';
import { compileGraph } from './run/compile';

/** A file's path, or its bytes. */
export type FileLike = string | Uint8Array;

/** Name of the program in an archive that `torch.export.save` wrote. */
const MODEL = 'model';

/** Before the names of texts beside the program. */
const EXTRA = 'extra/';

function specOf(text: string, at: string, file: ProgramFile): TreeSpec {
  try {
    return parseTreeSpec(text, file.namedTuples);
  } catch (error) {
    return fail(at, (error as Error).message);
  }
}

/** What a program needs to run, with everything checked that can be before a call. */
function prepare(file: ProgramFile, at: string): Prepared {
  if (file.inputs.length !== file.graph.inputs.length) {
    fail(at, `the graph has ${file.graph.inputs.length} inputs and the signature ${file.inputs.length}`);
  }
  if (file.outputs.length !== file.graph.outputs.length) {
    fail(at, `the graph has ${file.graph.outputs.length} outputs and the signature ${file.outputs.length}`);
  }
  for (const [i, input] of file.graph.inputs.entries()) {
    const spec = file.inputs[i] as ProgramFile['inputs'][number];
    if (spec.kind === 'constant_input' || (input.kind === 'name' && input.name === spec.name)) continue;
    fail(at, `input ${i} of the graph is not '${spec.name}', which the signature has`);
  }
  const inSpec = specOf(file.inSpec, `${at}: in_spec`, file);
  const outSpec = specOf(file.outSpec, `${at}: out_spec`, file);
  const [args, keywords] = inSpec.children;
  if (inSpec.children.length !== 2 || args?.type !== 'tuple' || keywords?.type !== 'dict') {
    fail(`${at}: in_spec`, 'it is no tuple of arguments and dictionary of keywords');
  }
  const users = userInputs(file);
  if (leafCount(inSpec) !== users.length)
    fail(`${at}: in_spec`, `it has ${leafCount(inSpec)} leaves for ${users.length} inputs`);
  const results = file.outputs.filter(({ kind }) => !kind.endsWith('_mutation')).length;
  if (leafCount(outSpec) !== results)
    fail(`${at}: out_spec`, `it has ${leafCount(outSpec)} leaves for ${results} outputs`);
  makeGuards(file, leafPaths(inSpec, file.argumentNames ?? []));
  return {
    file,
    program: compileGraph(file.graph, at),
    inSpec,
    outSpec,
    leafOf: file.inputs.map((spec) => users.indexOf(spec as (typeof users)[number])),
  };
}

/** Every tensor that the signature names must be there, and of its kind. */
function checkTensors(
  { inputs, outputs }: ProgramFile,
  state: ReadonlyMap<string, Tensor>,
  constants: ReadonlyMap<string, Tensor>,
): void {
  for (const spec of inputs) {
    if (!('target' in spec)) continue;
    const where = spec.kind === 'parameter' || (spec.kind === 'buffer' && spec.persistent) ? state : constants;
    const found = where.get(spec.target);
    if (found === undefined) fail('weights', `the ${spec.kind} '${spec.target}' is missing`);
    if (spec.kind === 'parameter' && !found.is_leaf) fail('weights', `the parameter '${spec.target}' is no leaf`);
  }
  for (const { kind, target } of outputs) {
    const known = inputs.some((spec) => ('target' in spec ? spec.target : spec.name) === target);
    if (kind.endsWith('_mutation') && !known) fail('output_specs', `'${target}', which is written to, is no input`);
  }
}

function read(archive: Archive): ExportedProgram {
  const version = archive.text('archive_version').trim();
  if (version !== '0') {
    throw new Fault(`Saved archive version ${version} does not match our current archive version 0.`);
  }
  const model = `models/${MODEL}.json`;
  if (!archive.has(model)) {
    const others = archive.names.filter((name) => name.startsWith('models/') || name.startsWith('data/aotinductor/'));
    throw new Fault(`it holds no ${model}${others.length > 0 ? `, but ${others.slice(0, 5).join(', ')}` : ''}`);
  }
  const file = readProgram(archive.read(model), model);
  for (const [legacy, folder] of [
    [`data/weights/${MODEL}.pt`, 'weights'],
    [`data/constants/${MODEL}.pt`, 'constants'],
  ]) {
    if (archive.has(legacy as string))
      fail(
        legacy as string,
        `${folder} in the form of PyTorch 2.8 are a pickle: save the program again with a later version`,
      );
  }
  const state = readTensors(archive, `data/weights/${MODEL}_weights_config.json`, 'data/weights/');
  const constants = readTensors(archive, `data/constants/${MODEL}_constants_config.json`, 'data/constants/');
  checkTensors(file, state, constants);
  return new ExportedProgram(prepare(file, model), state, constants, ours);
}

/**
 * Reads a program that Python's `torch.export.save` wrote. Nothing in the file is executed: it is data, and its operators
 * are libtorch's own.
 *
 * `extra_files` gets the texts that were saved beside the program, by name.
 *
 * @throws ValueError that names the file and what is wrong with it, or every node that cannot run
 * @see https://docs.pytorch.org/docs/stable/export.html#torch.export.load
 */
export const load = pythonFunction(
  'load',
  ['f', '*', 'extra_files', 'expected_opset_version'],
  (
    f: FileLike,
    extra_files: Record<string, string> | null = null,
    _expected_opset_version: Record<string, number> | null = null,
  ): ExportedProgram => {
    return reading('torch.export.load', f, (source) => {
      const archive = new Archive(source);
      const program = read(archive);
      for (const entry of archive.names) {
        if (extra_files !== null && entry.startsWith(EXTRA))
          extra_files[entry.slice(EXTRA.length)] = archive.text(entry);
      }
      return program;
    });
  },
);
