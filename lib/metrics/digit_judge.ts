/** What a trained classifier makes of images: the figures in which samples are compared with real digits. */
import { no_grad } from 'isotorch/autograd';
import type { Mnist } from '../data';
import {
  type ClassFigures,
  class_figures,
  type FeatureStatistics,
  feature_statistics,
  frechet_distance,
} from './sample_quality';
import { cat, keep, scope, type Tensor } from 'isotorch';
import type { DigitClassifier } from './digit_classifier';

/** Figures of a set of images. */
export interface SampleFigures extends ClassFigures {
  /** Fréchet distance of the classifier's 64 features to those of the test digits; 0 is equal. */
  frechet: number;
}

/** Images judged at a time. */
const chunk = 1000;

/** A classifier in evaluation mode, with the test digits as the standard. */
export class DigitJudge {
  /** Fraction of the test digits that it classifies rightly. */
  readonly accuracy: number;
  /** Figures of the test digits themselves: what perfect samples would reach. */
  readonly real: SampleFigures;
  readonly #classifier: DigitClassifier;
  readonly #standard: FeatureStatistics;

  constructor(classifier: DigitClassifier, test: Mnist) {
    this.#classifier = classifier.eval();
    const { accuracy, standard, figures } = no_grad(() =>
      scope(() => {
        const { logits, features } = this.#view(test.images);
        const right = logits.argmax(1).eq(test.labels).sum().item();
        const standard = feature_statistics(features);
        return { accuracy: Number(right) / test.labels.size(0), standard, figures: class_figures(logits) };
      }),
    );
    keep(standard.mean);
    keep(standard.covariance);
    this.accuracy = accuracy;
    this.real = { ...figures, frechet: 0 };
    this.#standard = standard;
  }

  /** Figures of images N×1×28×28 in [−1, 1], on any device; the judge works on the CPU. */
  judge(images: Tensor): SampleFigures {
    return no_grad(() =>
      scope(() => {
        const { logits, features } = this.#view(images.to('cpu'));
        const frechet = frechet_distance(feature_statistics(features), this.#standard);
        return { ...class_figures(logits), frechet };
      }),
    );
  }

  /** The digit that the classifier sees in each image N×1×28×28, N of int64. */
  classes(images: Tensor): Tensor {
    return no_grad(() => scope(() => this.#view(images.to('cpu')).logits.argmax(1)));
  }

  #view(images: Tensor): { logits: Tensor; features: Tensor } {
    const features = images.split(chunk, 0).map((part) => this.#classifier.features(part));
    const all = cat(features, 0);
    return { features: all, logits: this.#classifier.head(all) };
  }
}
