/** A small classifier of digits, trained in seconds: the judge of generated ones. */
import { BatchNorm2d, Conv2d, CrossEntropyLoss, Flatten, Linear, Module, ReLU, Sequential } from '../nn';
import { Adam } from '../optim';
import { float64 } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import type { Recipe } from './recipe';

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
    return this.head.call(this.features.call(images));
  }
}

/** Cross-entropy with Adam; one pass over the 60,000 digits gives about 98 % on the test digits. */
export function classifierRecipe(classifier: DigitClassifier): Recipe<Tensor[]> {
  const optimizer = new Adam(classifier.parameters(), { lr: 2e-3 });
  const criterion = new CrossEntropyLoss();
  return {
    modules: { classifier },
    optimizers: { classifier: optimizer },
    step([images, labels]) {
      optimizer.zero_grad();
      const logits = classifier.call(images!);
      const loss = criterion.forward(logits, labels!);
      loss.backward();
      optimizer.step();
      return { loss, accuracy: logits.argmax(1).eq(labels!).to(float64).mean() };
    },
  };
}
