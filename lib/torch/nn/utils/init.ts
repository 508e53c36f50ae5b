import { type DeviceLike, isPlainObject } from '../../core';
import { TorchError } from '../../native';
import { typename } from '../../tensor';
import { isModule } from '../module/members';
import type { Module } from '../module/module';

/**
 * A module whose parameters are left as memory has them: no number is drawn for them.
 *
 * @param module_cls class whose constructor has a parameter `device`
 * @param args what the constructor takes, with `device` by keyword
 * @throws TorchError for a class that is none of a module, or has no `device`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.skip_init.html
 * @example
 * const layer = nn.utils.skip_init(nn.Linear, 1024, 1024);
 */
export function skip_init<Class extends new (...args: never[]) => Module>(
  module_cls: Class,
  ...args: ConstructorParameters<Class>
): InstanceType<Class> {
  const last: unknown = args[args.length - 1];
  const { device = 'cpu', ...keywords } = (isPlainObject(last) ? last : {}) as { device?: DeviceLike };
  const positional: unknown[] = isPlainObject(last) ? args.slice(0, -1) : args;
  const made = onMeta(module_cls as unknown as new (...given: unknown[]) => unknown, positional, keywords);
  return made.to_empty({ device }) as InstanceType<Class>;
}

function onMeta(make: new (...given: unknown[]) => unknown, positional: unknown[], keywords: object): Module {
  let made: unknown;
  try {
    made = new make(...positional, { ...keywords, device: 'meta' });
  } catch (error) {
    if (!(error as Error).message.endsWith("unexpected keyword argument 'device'")) throw error;
    throw new TorchError("Module must support a 'device' arg to skip initialization", { cause: error });
  }
  if (!isModule(made)) throw new TorchError(`Expected a Module; got ${typename(make)}`);
  return made as Module;
}
