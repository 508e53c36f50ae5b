/** Arguments of what Python binds by hand (`python_variable_methods.cpp`, `python_torch_functions_manual.cpp`). */
import { Overloads } from './overloads';

/** Which of the signatures takes the arguments, by index, and their values by parameter; undefined where left out. */
export interface Chosen {
  readonly form: number;
  readonly values: readonly unknown[];
}

/**
 * A parser for a function with these signatures (parameters as the generated code writes them, see `parse` in
 * `signature.ts`), which throws what Python's would.
 */
export function handBound(
  name: string,
  signatures: readonly string[],
  isMethod = false,
): (args: ArrayLike<unknown>) => Chosen {
  const overloads = new Overloads(
    name,
    signatures.map((parameters) => `|||||${parameters}`),
    isMethod,
  );
  return (args) => {
    const [signature, values] = overloads.choose(args);
    return { form: overloads.signatures.indexOf(signature), values };
  };
}
