import { device_count, is_available } from '../../accelerator';
import { pythonClass } from '../../call';
import { NotImplementedError } from '../../native';
import { Module } from '../module/module';

/** Arguments of a module of any kind. */
type Callable = (...args: unknown[]) => unknown;

class DataParallelModule extends Module {
  /** The module that is called. */
  module: Module;
  /** The devices that a batch is divided among: none here. */
  readonly device_ids: readonly number[] = [];
  /** Where results would be gathered; as in Python only where there is an accelerator. */
  declare readonly output_device?: number;
  /** The dimension that would be divided; likewise. */
  declare readonly dim?: number;

  constructor(
    module: Module,
    device_ids: readonly number[] | null = null,
    output_device: number | null = null,
    dim: number = 0,
  ) {
    super();
    const count = device_ids?.length ?? (is_available() ? device_count() : 0);
    if (count > 1) {
      throw new NotImplementedError(
        `DataParallel divides no batch among ${count} devices yet: give device_ids of one, or none`,
      );
    }
    this.module = module;
    if (!is_available()) return;
    this.output_device = output_device ?? device_ids?.[0] ?? 0;
    this.dim = dim;
  }

  override forward(...args: unknown[]): unknown {
    return (this.module as unknown as Callable)(...args);
  }
}

/**
 * Module that calls another one, whose keys in the state dict begin with `module.`. Without accelerators, and with one, Python's
 * does no more.
 *
 * @throws NotImplementedError for several devices
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html
 */
export class DataParallel extends pythonClass(
  'DataParallel',
  ['module', 'device_ids', 'output_device', 'dim'],
  DataParallelModule,
) {}
