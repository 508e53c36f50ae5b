// The networks that the benchmark trains; python/networks.py is the same in Python.
import * as torch from 'isotorch';

const { nn } = torch;

/** Three layers of width 8 on each side, BatchNorm in both. */
export function tiny() {
  const generator = new nn.Sequential(
    new nn.Linear(8, 8),
    new nn.BatchNorm1d(8),
    new nn.ReLU(),
    new nn.Linear(8, 8),
    new nn.BatchNorm1d(8),
    new nn.ReLU(),
    new nn.Linear(8, 8),
  );
  const discriminator = new nn.Sequential(
    new nn.Linear(8, 8),
    new nn.LeakyReLU(0.2),
    new nn.Linear(8, 8),
    new nn.BatchNorm1d(8),
    new nn.LeakyReLU(0.2),
    new nn.Linear(8, 1),
    new nn.Sigmoid(),
  );
  return [generator, discriminator];
}

/** An LSTM of width 16 that reads sequences of 8, and a line out. */
export class Recurrent extends nn.Module {
  lstm = new nn.LSTM(8, 16, { batch_first: true });
  head = new nn.Linear(16, 1);

  forward(x) {
    const [output] = this.lstm(x);
    return this.head(output.select(1, -1));
  }
}

/** A transformer encoder of four layers of width 16, two heads, and a line out. */
export class Attentive extends nn.Module {
  constructor() {
    super();
    const layer = new nn.TransformerEncoderLayer(16, 2, 32, { batch_first: true });
    this.encoder = new nn.TransformerEncoder(layer, 4, { enable_nested_tensor: false });
    this.head = new nn.Linear(16, 1);
  }

  forward(x) {
    return this.head(this.encoder(x).mean(1));
  }
}

/** 100-128-256-784 and back. */
export function mlp() {
  const generator = new nn.Sequential(
    new nn.Linear(100, 128),
    new nn.BatchNorm1d(128),
    new nn.ReLU(),
    new nn.Linear(128, 256),
    new nn.BatchNorm1d(256),
    new nn.ReLU(),
    new nn.Linear(256, 784),
    new nn.Tanh(),
  );
  const discriminator = new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.LeakyReLU(0.2),
    new nn.Linear(256, 128),
    new nn.LeakyReLU(0.2),
    new nn.Linear(128, 1),
    new nn.Sigmoid(),
  );
  return [generator, discriminator];
}

/** Radford et al. 2016 for 64×64 colour images, 64 maps. */
export function dcgan() {
  const up = (inputs, outputs, stride, padding) => [
    new nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, { bias: false }),
    new nn.BatchNorm2d(outputs),
    new nn.ReLU(true),
  ];
  const down = (inputs, outputs) => [
    new nn.Conv2d(inputs, outputs, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(outputs),
    new nn.LeakyReLU(0.2, true),
  ];
  const generator = new nn.Sequential(
    ...up(100, 512, 1, 0),
    ...up(512, 256, 2, 1),
    ...up(256, 128, 2, 1),
    ...up(128, 64, 2, 1),
    new nn.ConvTranspose2d(64, 3, 4, 2, 1, { bias: false }),
    new nn.Tanh(),
  );
  const discriminator = new nn.Sequential(
    new nn.Conv2d(3, 64, 4, 2, 1, { bias: false }),
    new nn.LeakyReLU(0.2, true),
    ...down(64, 128),
    ...down(128, 256),
    ...down(256, 512),
    new nn.Conv2d(512, 1, 4, 1, 0, { bias: false }),
    new nn.Sigmoid(),
    new nn.Flatten(),
  );
  return [generator, discriminator];
}
