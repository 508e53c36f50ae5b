import { pythonFunction } from '../call';
import { stringRepr } from '../core';

type Options = Readonly<Record<string, unknown>>;

const PLAIN = ['device', 'dtype', 'memory_format'];

/**
 * Device, dtype and memory format among the keywords of a layer, which may stand under `factory_kwargs` too.
 *
 * @throws TypeError for other keywords, and for one that is given in both places
 */
export const factory_kwargs = pythonFunction(
  'factory_kwargs',
  ['kwargs{}'],
  (kwargs: Options | null): Record<string, unknown> => {
    if (kwargs === null) return {};
    const unknown = Object.keys(kwargs).filter((name) => !PLAIN.includes(name) && name !== 'factory_kwargs');
    if (unknown.length > 0) throw new TypeError(`unexpected kwargs {${unknown.map(stringRepr).join(', ')}}`);
    const options = { ...(kwargs.factory_kwargs as Options | undefined) };
    for (const name of PLAIN.filter((plain) => Object.hasOwn(kwargs, plain))) {
      if (Object.hasOwn(options, name)) {
        throw new TypeError(`${name} specified twice, in **kwargs and in factory_kwargs`);
      }
      options[name] = kwargs[name];
    }
    return options;
  },
);
