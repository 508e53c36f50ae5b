// Preloaded into the command by tests: a recipe whose steps take no time, with all that a recipe may have.
// By their own paths, as the command loads them: the rooms' doors start libtorch.
import { recipes } from '../../dist/recipes/table.js';
import { aboutRecipe, choice, number, whole } from '../../dist/train/options/index.js';

const about = aboutRecipe({
  name: 'tiny',
  summary: 'two small networks',
  source: 'a test',
  options: {
    lr: number(0.05, { above: 0, about: 'learning rate' }),
    batch_size: whole(4, { least: 1, about: 'points of a batch' }),
    kind: choice(['all', 'bare'], 'all', { about: 'whether it can draw and measure' }),
    slow: whole(0, { about: 'milliseconds that a step takes at least' }),
    poison: whole(0, { about: 'step whose loss is made NaN', only: { kind: ['all'] } }),
  },
});

async function load() {
  const { arange, cat, Generator, no_grad, randn } = await import('isotorch');
  const { BatchNorm1d, Linear, Sequential, Tanh } = await import('isotorch/nn');
  const { DataLoader, TensorDataset } = await import('isotorch/utils/data');
  const { bce_discriminator_loss, bce_generator_loss } = await import('isotorch/gan');
  const { defineRecipe, Feed, OptionError } = await import('isotorch/train');
  return defineRecipe({
    ...about,
    check({ batch_size }) {
      if (batch_size > 24) throw new OptionError(`option batch_size: ${batch_size} is more than the 24 points`);
    },
    open: () => randn([24, 12], { generator: new Generator().manual_seed(1) }).tanh(),
    build({ options, data, place, session }) {
      const layers = [new Linear(8, 16), new BatchNorm1d(16), new Tanh(), new Linear(16, 12), new Tanh()];
      const G = place.network(new Sequential(...layers));
      const D = place.network(new Linear(12, 1));
      const [optimizer_G, optimizer_D] = [G, D].map((net) => place.adam(net.parameters(), { lr: options.lr }));
      const loader = { shuffle: true, drop_last: true, num_workers: session.workers };
      const draw = (latents, { batchnorm = 'eval' } = {}) =>
        no_grad(() => {
          G.train(batchnorm === 'train');
          const images = G(latents).view([-1, 3, 2, 2]);
          G.train();
          return images;
        });
      const mixed = (row, column) => cat([row.narrow(0, 0, 4), column.narrow(0, 4, 4)]).unsqueeze(0);
      const latents = (count, generator) => randn([count, 8], { generator });
      const fixed = latents(16, new Generator().manual_seed(0));
      let fake;
      const D_phase = {
        name: 'D',
        about: 'tells points from fakes',
        async run(it) {
          const [real] = await it.next();
          if (options.slow > 0) await new Promise((resolve) => setTimeout(resolve, options.slow));
          fake = G(randn(real.size(0), 8));
          optimizer_D.zero_grad();
          const loss_D = bce_discriminator_loss(D(real), D(fake.detach()));
          loss_D.backward();
          it.update(optimizer_D);
          return { loss_D: options.poison === it.step + 1 ? loss_D.mul(NaN) : loss_D };
        },
      };
      const G_phase = {
        name: 'G',
        about: 'fools D',
        run(it) {
          optimizer_G.zero_grad();
          const loss_G = bce_generator_loss(null, D(fake));
          loss_G.backward();
          it.update(optimizer_G);
          return { loss_G };
        },
      };
      const all = options.kind === 'all';
      return {
        objects: { G, D, optimizer_G, optimizer_D },
        feed: new Feed((size) => new DataLoader(new TensorDataset(data), size, loader), options.batch_size),
        steps: 20,
        phases: [D_phase, G_phase],
        samples: {
          range: [-1, 1],
          columns: 4,
          grid: () => draw(fixed),
          ...(all && {
            truncation: 0.7,
            latents,
            images: draw,
            mix: (rows, columns, how) => {
              const pairs = rows.unbind(0).flatMap((row) => columns.unbind(0).map((column) => mixed(row, column)));
              return draw(cat(pairs), how);
            },
            codes: () => ({ codes: data, labels: arange(24).remainder(3) }),
          }),
        },
        ...(all && { evaluate: () => ({ score: data.mean().item() }) }),
      };
    },
  });
}

recipes.push({ about, load });
