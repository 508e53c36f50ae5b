// A GAN on handwritten digits, as one would write it in Python. Run with: node examples/gan.mjs [steps]
// The full experiment, with pictures, checkpoints and a verdict, is `npm run demo`.
import * as torch from 'isotorch';
import { loadMnist } from 'isotorch/data';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { bce_discriminator_loss, bce_generator_loss } from 'isotorch/gan';
import { save_image } from 'isotorch/io';

const { nn, optim } = torch;
const steps = Number(process.argv[2] ?? 300);
const latent = 64;

class Generator extends nn.Module {
  layers = new nn.Sequential(
    new nn.Linear(latent, 128),
    new nn.BatchNorm1d(128),
    new nn.ReLU(),
    new nn.Linear(128, 256),
    new nn.BatchNorm1d(256),
    new nn.ReLU(),
    new nn.Linear(256, 28 * 28),
    new nn.Tanh(),
  );

  /** @param {torch.Tensor} z */
  forward(z) {
    return this.layers(z).view(-1, 1, 28, 28);
  }
}

class Discriminator extends nn.Module {
  layers = new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(28 * 28, 256),
    new nn.LeakyReLU(0.2),
    new nn.Linear(256, 128),
    new nn.LeakyReLU(0.2),
    new nn.Linear(128, 1),
  );

  /** @param {torch.Tensor} x */
  forward(x) {
    return this.layers(x);
  }
}

torch.manual_seed(0);
const generator = new Generator();
const discriminator = new Discriminator();
const betas = [0.5, 0.999];
const optimizerG = new optim.Adam(generator.parameters(), { lr: 1e-3, betas });
const optimizerD = new optim.Adam(discriminator.parameters(), { lr: 2e-4, betas });

const { images } = loadMnist({ limit: 6000 });
const loader = new DataLoader(new TensorDataset(images), { batch_size: 64, shuffle: true, drop_last: true });

/**
 * One update of both networks; returns their losses. Everything else made here is freed by the scope.
 * @param {torch.Tensor} real
 */
function trainStep(real) {
  return torch.scope(() => {
    const fake = generator(torch.randn(real.size(0), latent));

    optimizerD.zero_grad();
    const lossD = bce_discriminator_loss(discriminator(real), discriminator(fake.detach()));
    lossD.backward();
    optimizerD.step();

    optimizerG.zero_grad();
    const lossG = bce_generator_loss(null, discriminator(fake));
    lossG.backward();
    optimizerG.step();

    return [lossD.item(), lossG.item()];
  });
}

for (let step = 0; step < steps; ) {
  for (const [real] of loader) {
    const [lossD, lossG] = trainStep(real);
    real.dispose();
    step++;
    if (step % 50 === 0 || step === steps) {
      console.log(`step ${step}  D ${lossD.toFixed(3)}  G ${lossG.toFixed(3)}`);
    }
    if (step === steps) break;
  }
}

const samples = torch.no_grad(() => generator.eval()(torch.randn(64, latent)));
save_image(samples, 'samples.png', { normalize: true, value_range: [-1, 1] });
console.log('64 samples are in samples.png');
