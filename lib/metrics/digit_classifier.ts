/** A small classifier of digits, trained in seconds: the judge of generated ones. */
import { existsSync } from 'node:fs';
import type { Mnist } from '../data';
import { load_file, save_file } from '../io';
import { BatchNorm2d, Conv2d, CrossEntropyLoss, Flatten, Linear, Module, ReLU, Sequential } from 'isotorch/nn';
import { Adam } from 'isotorch/optim';
import { float64, manual_seed, type Tensor, TorchError } from 'isotorch';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { type Interrupt, type StepRecipe, RunFailure, RunningMeans, showProgress, training } from '../train';

const seed = 1;
const batch_size = 128;

/** Images N×1×28×28 in [−1, 1] to logits N×10, through 64 features. */
export class DigitClassifier extends Module {
  features: Sequential;
  head: Linear;

  constructor() {
    super();
    this.features = new Sequential(
      new Conv2d(1, 16, 5, { stride: 2, padding: 2 }),
      new BatchNorm2d(16),
      new ReLU(),
      new Conv2d(16, 32, 5, { stride: 2, padding: 2 }),
      new BatchNorm2d(32),
      new ReLU(),
      new Flatten(),
      new Linear(32 * 7 * 7, 64),
      new ReLU(),
    );
    this.head = new Linear(64, 10);
  }

  override forward(images: Tensor): Tensor {
    return this.head(this.features(images));
  }
}

/** Cross-entropy with Adam; one pass over the 60,000 digits gives about 98 % on the test digits. */
export function classifierRecipe(classifier: DigitClassifier): StepRecipe<readonly Tensor[]> {
  const optimizer = new Adam(classifier.parameters(), { lr: 2e-3 });
  const criterion = new CrossEntropyLoss();
  return {
    modules: { classifier },
    optimizers: { classifier: optimizer },
    step([images, labels]) {
      optimizer.zero_grad();
      const logits = classifier(images!);
      const loss = criterion(logits, labels!);
      loss.backward();
      optimizer.step();
      return { loss, accuracy: logits.argmax(1).eq(labels!).to(float64).mean() };
    },
  };
}

/**
 * The classifier after one pass over the digits, or as stored in `file`, if one is named. It is seeded by itself, so that
 * every run has the same judge. Returns undefined when interrupted.
 *
 * @throws RunFailure when the file holds something else.
 */
export async function trainedClassifier(
  file: string | null,
  digits: Mnist,
  interrupt: Pick<Interrupt, 'requested'>,
): Promise<DigitClassifier | undefined> {
  manual_seed(seed);
  const classifier = new DigitClassifier();
  if (file !== null && existsSync(file)) {
    try {
      classifier.load_state_dict(load_file(file));
    } catch (cause) {
      if (!(cause instanceof TorchError)) throw cause;
      throw new RunFailure(`${file} is not a usable classifier: ${cause.message}. Delete it, and it is trained anew.`, {
        cause,
      });
    }
    return classifier;
  }
  const dataset = new TensorDataset<readonly Tensor[]>(digits.images, digits.labels);
  const loader = new DataLoader(dataset, { batch_size, shuffle: true, drop_last: true });
  const steps = loader.length;
  const means = new RunningMeans();
  const progress = showProgress('classifier', steps);
  try {
    for await (const { step } of training({ recipe: classifierRecipe(classifier), loader, means, steps })) {
      progress.step(step);
      if (step % 100 === 0 || step === steps) progress.tick(step, means.take());
      if (interrupt.requested) return undefined;
    }
  } finally {
    progress.end();
  }
  if (file !== null) save_file(classifier.state_dict(), file);
  return classifier;
}
