/** The networks and the run of test/python/document4.py, on isotorch's own loop. */
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { loadMnist } from 'isotorch/data';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { type BatchMode, discriminator_step, generator_step } from 'isotorch/recipes/split_joint';
import { generatorState } from '../../reference/index.mjs';
import { capture, type Leaves } from './bits';
import { state_of } from './probes';

const { nn } = torch;

class MlpGenerator extends nn.Module {
  flatten = new nn.Flatten();
  fc1 = new nn.Linear(784, 128);
  bn1 = new nn.BatchNorm1d(128);
  fc2 = new nn.Linear(128, 784);

  override forward(z: Tensor): Tensor {
    const h = this.bn1(this.fc1(this.flatten(z))).relu();
    return this.fc2(h).tanh().reshape(z.shape);
  }
}

class MlpDiscriminator extends nn.Module {
  body = new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(784, 128),
    new nn.LeakyReLU(0.2),
    new nn.Linear(128, 64),
    new nn.BatchNorm1d(64),
    new nn.LeakyReLU(0.2),
    new nn.Dropout(0.2),
    new nn.Linear(64, 1),
  );

  override forward(x: Tensor): Tensor {
    return this.body(x) as Tensor;
  }
}

class ConvGenerator extends nn.Module {
  project = new nn.Linear(784, 16 * 7 * 7, { bias: false });
  bn0 = new nn.BatchNorm2d(16);
  up1 = new nn.ConvTranspose2d(16, 8, 4, 2, 1, { bias: false });
  bn1 = new nn.BatchNorm2d(8);
  up2 = new nn.ConvTranspose2d(8, 1, 4, 2, 1);

  override forward(z: Tensor): Tensor {
    const batch = z.size(0);
    const projected = this.project(z.reshape([batch, 784])).reshape([batch, 16, 7, 7]);
    const h = this.bn0(projected).relu();
    return this.up2(this.bn1(this.up1(h)).relu()).tanh();
  }
}

class ConvDiscriminator extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 4, 2, 1);
  conv2 = new nn.Conv2d(8, 16, 4, 2, 1, { bias: false });
  bn2 = new nn.BatchNorm2d(16);
  head = new nn.Linear(16 * 49, 1);

  override forward(x: Tensor): Tensor {
    let h = nn.functional.leaky_relu(this.conv1(x), 0.2);
    h = nn.functional.leaky_relu(this.bn2(this.conv2(h)), 0.2);
    return this.head(h.reshape([h.size(0), -1]));
  }
}

const networks = {
  mlp: [MlpGenerator, MlpDiscriminator],
  conv: [ConvGenerator, ConvDiscriminator],
} as const;

/** Which networks the loop trains. */
export type NetworkName = keyof typeof networks;

/** An epoch's batches on the default device. They are made on the CPU, whose generator shuffles them. */
function epoch(loader: Iterable<[Tensor, Tensor]>): [Tensor, Tensor][] {
  const device = torch.get_default_device();
  const batches = torch.set_default_device('cpu', () => [...loader]);
  return batches.map(([images, labels]) => [images.to(device), labels.to(device)]);
}

/** Runs the loop and captures losses at every step and everything else at every fiftieth. */
export function runDocument4(
  name: NetworkName,
  mode: BatchMode,
  { steps = 200, batch_size = 64, digits = 2000, seed = 1, every = 50 } = {},
): Leaves {
  torch.manual_seed(seed);
  const [Generator, Discriminator] = networks[name];
  const generator = new Generator();
  const discriminator = new Discriminator();
  const options = { lr: 2e-4, betas: [0.5, 0.999] as [number, number] };
  const gan = {
    generator,
    discriminator,
    optimizer_generator: new torch.optim.Adam(generator.parameters(), options),
    optimizer_discriminator: new torch.optim.Adam(discriminator.parameters(), options),
    criterion: new nn.BCEWithLogitsLoss(),
    mode,
  };
  const { images, labels } = torch.set_default_device('cpu', () => loadMnist({ limit: digits }));
  const loader = new DataLoader(new TensorDataset(images, labels), { batch_size, shuffle: true, drop_last: true });
  const leaves: Leaves = new Map();
  let step = 0;
  for (;;) {
    for (const [real] of epoch(loader)) {
      torch.scope(() => {
        const ofDiscriminator = discriminator_step(gan, real);
        const ofGenerator = generator_step(gan, ofDiscriminator.noise);
        capture([ofDiscriminator.loss, ofGenerator.loss], `losses.${step}`, leaves);
        step++;
        if (step % every !== 0) return;
        const state = {
          generator: state_of(generator),
          discriminator: state_of(discriminator),
          optimizer_generator: gan.optimizer_generator.state_dict() as never,
          optimizer_discriminator: gan.optimizer_discriminator.state_dict() as never,
          rng: generatorState(torch),
        };
        capture(state, `after ${step}`, leaves);
      });
      if (step === steps) return leaves;
    }
  }
}
