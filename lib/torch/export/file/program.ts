/** A whole program, from JSON: `models/model.json` of an archive. */
import { fail } from './fault';
import { readArgument, readGraph } from './graph';
import { flag, float, list, map, object, optional, parseJson, text, union, whole } from './json';
import type { Argument, ConstantValue, InputSpec, OutputSpec, ProgramFile, Range } from './types';

/** The only major version of the schema so far that has had this archive. */
const SCHEMA = 8;

function nameIn(value: unknown, at: string): string {
  return text(object(value, at).name, `${at}.name`);
}

function readConstant(value: unknown, at: string): [value: ConstantValue, float: boolean] {
  const [kind, held, place] = union(value, at);
  switch (kind) {
    case 'as_none':
      return [null, false];
    case 'as_int':
      return [whole(held, place), false];
    case 'as_float':
      return [float(held, place), true];
    case 'as_string':
      return [text(held, place), false];
    case 'as_bool':
      return [flag(held, place), false];
    default:
      fail(at, `'${kind}' is not known`);
  }
}

/** What a user gives: a tensor or a number. */
function readUserInput(argument: Argument, at: string): InputSpec {
  if (argument.kind === 'name') return { kind: 'user_input', name: argument.name };
  if (argument.kind === 'none') return { kind: 'constant_input', name: '', value: null, float: false };
  if (argument.kind === 'float') return { kind: 'constant_input', name: '', value: argument.value, float: true };
  if (argument.kind === 'plain') return { kind: 'constant_input', name: '', value: argument.value, float: false };
  return fail(
    at,
    argument.kind === 'other' ? `${argument.what} cannot be an input` : `a ${argument.kind} cannot be an input`,
  );
}

function readInput(value: unknown, at: string): InputSpec {
  const [kind, held, place] = union(value, at);
  const fields = object(held, place);
  const argument = (): string => nameIn(fields.arg, `${place}.arg`);
  const target = (key: string): string => text(fields[key], `${place}.${key}`);
  switch (kind) {
    case 'parameter':
      return { kind, name: argument(), target: target('parameter_name') };
    case 'buffer':
      return {
        kind,
        name: argument(),
        target: target('buffer_name'),
        persistent: flag(fields.persistent, `${place}.persistent`),
      };
    case 'tensor_constant':
      return { kind, name: argument(), target: target('tensor_constant_name') };
    case 'user_input':
      return readUserInput(readArgument(fields.arg, `${place}.arg`), place);
    case 'constant_input': {
      const [constant, isFloat] = readConstant(fields.value, `${place}.value`);
      return { kind, name: text(fields.name, `${place}.name`), value: constant, float: isFloat };
    }
    case 'custom_obj':
      fail(place, `the program has the custom object '${target('custom_obj_name')}', which isotorch cannot load`);
      break;
    default:
      fail(at, `an input of the kind '${kind}' is not supported`);
  }
}

const outputTargets: Readonly<Record<OutputSpec['kind'], string | null>> = {
  user_output: null,
  loss_output: null,
  buffer_mutation: 'buffer_name',
  parameter_mutation: 'parameter_name',
  user_input_mutation: 'user_input_name',
  gradient_to_parameter: 'parameter_name',
  gradient_to_user_input: 'user_input_name',
};

function readOutput(value: unknown, at: string): OutputSpec {
  const [kind, held, place] = union(value, at);
  if (!Object.hasOwn(outputTargets, kind)) fail(at, `an output of the kind '${kind}' is not supported`);
  const fields = object(held, place);
  const key = outputTargets[kind as OutputSpec['kind']];
  return {
    kind: kind as OutputSpec['kind'],
    argument:
      kind === 'user_output'
        ? readArgument(fields.arg, `${place}.arg`)
        : { kind: 'name', name: nameIn(fields.arg, `${place}.arg`), of: 'tensor' },
    target: key === null ? null : text(fields[key], `${place}.${key}`),
  };
}

function readRange(value: unknown, at: string): Range {
  const { min_val, max_val } = object(value, at);
  return { min: optional(min_val, `${at}.min_val`, whole), max: optional(max_val, `${at}.max_val`, whole) };
}

function readVersion(value: unknown, at: string): readonly [number, number] {
  const version = object(value, at);
  const major = Number(whole(version.major, `${at}.major`));
  const minor = Number(whole(version.minor, `${at}.minor`));
  if (major !== SCHEMA) {
    fail(
      at,
      `the program has schema version ${major}.${minor}, and isotorch reads version ${SCHEMA}: export it again with PyTorch 2.8 or later`,
    );
  }
  return [major, minor];
}

/**
 * The program of a JSON text.
 * @throws Fault for what is none, or of another version
 */
export function readProgram(bytes: Uint8Array, at: string): ProgramFile {
  const program = object(parseJson(bytes, at), at);
  const schemaVersion = readVersion(program.schema_version, `${at}: schema_version`);
  const module = object(program.graph_module, `${at}: graph_module`);
  const signature = object(module.signature, `${at}: signature`);
  const [root] = list(module.module_call_graph, `${at}: module_call_graph`, object);
  if (root?.fqn !== '') fail(`${at}: module_call_graph`, 'the first entry is not the root module');
  const call = object(root.signature, `${at}: module_call_graph[0].signature`);
  return {
    graph: readGraph(module.graph, `${at}: graph`),
    inputs: list(signature.input_specs, `${at}: input_specs`, readInput),
    outputs: list(signature.output_specs, `${at}: output_specs`, readOutput),
    inSpec: text(call.in_spec, `${at}: in_spec`),
    outSpec: text(call.out_spec, `${at}: out_spec`),
    argumentNames: optional(call.forward_arg_names, `${at}: forward_arg_names`, (names, place) =>
      list(names, place, text),
    ),
    namedTuples: map(module.treespec_namedtuple_fields ?? {}, `${at}: treespec_namedtuple_fields`, (fields, place) =>
      list(object(fields, place).field_names, `${place}.field_names`, text),
    ),
    ranges: map(program.range_constraints, `${at}: range_constraints`, readRange),
    guards: list(program.guards_code ?? [], `${at}: guards_code`, text),
    verifiers: list(program.verifiers ?? [], `${at}: verifiers`, text),
    schemaVersion,
    torchVersion: text(program.torch_version ?? '<=2.4', `${at}: torch_version`),
  };
}
