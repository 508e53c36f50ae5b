import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import type { DeviceLike } from '../../core';
import { isTensor, scope, type Tensor } from '../../memory';
import { type Module, modules } from '../../nn';

/** A batch normalisation of any kind. */
type BatchNorm = InstanceType<typeof modules.batchnorm.BatchNorm2d>;

const classes = Object.values(modules.batchnorm) as (abstract new (...args: never[]) => unknown)[];
const isBatchNorm = (module: unknown): module is BatchNorm => classes.some((made) => module instanceof made);

/** What a loader gives: an input, or a list whose first item is one. */
type Batch = Tensor | readonly unknown[];

/** Runs a batch through the model; what comes of it is forgotten. */
function run(model: Module, batch: Batch, device: DeviceLike | null): void {
  const first = (Array.isArray(batch) ? batch[0] : batch) as Tensor;
  scope(() => {
    const input = device !== null && isTensor(first) ? first.to(device) : first;
    no_grad(() => {
      (model as unknown as (input: Tensor) => unknown)(input);
    });
  });
}

async function runLater(batches: AsyncIterable<Batch>, each: (batch: Batch) => void, end: () => void): Promise<void> {
  for await (const batch of batches) each(batch);
  end();
}

/**
 * Computes the running statistics of the model's batch normalisations anew, from all batches of a loader alike.
 *
 * A loader whose batches come later, such as one with workers, makes the result a promise.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.update_bn.html
 */
export const update_bn = pythonFunction(
  'update_bn',
  ['loader', 'model', 'device'],
  (
    loader: Iterable<Batch> | AsyncIterable<Batch>,
    model: Module,
    device: DeviceLike | null = null,
  ): void | Promise<void> => {
    const momenta = new Map<BatchNorm, number | null>();
    for (const module of model.modules()) {
      if (!isBatchNorm(module)) continue;
      module.reset_running_stats();
      momenta.set(module, module.momentum);
    }
    if (momenta.size === 0) return;
    const wasTraining = model.training;
    model.train();
    for (const module of momenta.keys()) module.momentum = null;
    const end = (): void => {
      for (const [module, momentum] of momenta) module.momentum = momentum;
      model.train(wasTraining);
    };
    if (!(Symbol.iterator in loader)) return runLater(loader, (batch) => run(model, batch, device), end);
    for (const batch of loader) run(model, batch, device);
    end();
  },
);
