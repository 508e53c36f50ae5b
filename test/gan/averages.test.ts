import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const { nn } = torch;
const network = () => new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
const weight = (net: ReturnType<typeof network>) => net.state_dict()['0.weight']!;
const mean = (net: ReturnType<typeof network>) => net.state_dict()['1.running_mean']!;

describe('exponential moving averages', () => {
  it.each(gan.average_forms)('%s keeps β of the old value', (form) => {
    const [average, net] = [network(), network()];
    torch.no_grad(() => {
      weight(average).fill_(1);
      weight(net).fill_(3);
    });
    gan.update_average(average, net, 0.75, { form });
    expect(weight(average).tolist()).toEqual([
      [1.5, 1.5],
      [1.5, 1.5],
    ]);
    expect(weight(net).get(0, 0).item()).toBe(3);
  });

  it('buffers are copied, averaged or kept', () => {
    const of = (buffers: 'copied' | 'averaged' | 'kept') => {
      const [average, net] = [network(), network()];
      mean(net).fill_(4);
      net.state_dict()['1.num_batches_tracked']!.fill_(7);
      gan.update_average(average, net, 0.75, { buffers });
      return [mean(average).get(0).item(), average.state_dict()['1.num_batches_tracked']!.item()];
    };
    expect(of('copied')).toEqual([4, 7]);
    expect(of('averaged')).toEqual([1, 7]);
    expect(of('kept')).toEqual([0, 0]);
  });

  it('β of a half-life, as document 3 has it', () => {
    expect(gan.average_beta(32, 10_000)).toBeCloseTo(0.9977843871, 10);
    expect(gan.average_beta(64, 10_000)).toBeCloseTo(0.9955736832, 10);
    expect(gan.average_beta(256, 10_000)).toBeCloseTo(0.9824119399, 10);
    expect(gan.average_beta(32, 10_000, { so_far: 0 })).toBe(0);
    expect(gan.average_beta(32, 10_000, { so_far: 1e9 })).toBe(gan.average_beta(32, 10_000));
  });

  it('says which parameter has no counterpart, and which forms there are', () => {
    expect(() => gan.update_average(network(), new nn.Sequential(new nn.Linear(2, 2)), 0.5)).toThrow("no '1.weight'");
    const form = 'tf' as gan.AverageForm;
    expect(() => gan.update_average(network(), network(), 0.5, { form })).toThrow(
      'lucidrains, rosinality, ada, stylegan',
    );
  });

  it('reset makes it the network', () => {
    const [average, net] = [network(), network()];
    gan.reset_average(average, net);
    expect(torch.equal(weight(average), weight(net))).toBe(true);
  });
});

describe('standing statistics', () => {
  it('are plain means over batches, and leave modes and momenta alone', () => {
    const norm = new nn.BatchNorm1d(1);
    const net = new nn.Sequential(norm, new nn.Dropout(0.5)).eval();
    net.get(1).train();
    const batches = [torch.tensor([[0], [2]]), torch.tensor([[4], [8]])];
    gan.standing_statistics(net, (batch) => net(batches[batch]!), { batches: 2 });
    expect(norm.running_mean!.item()).toBeCloseTo((1 + 6) / 2, 6);
    expect(norm.running_var!.item()).toBeCloseTo((2 + 8) / 2, 6);
    expect([norm.momentum, norm.training, net.get(1).training]).toEqual([0.1, false, true]);
  });

  it('an error leaves modes and momenta alone, too', () => {
    const norm = new nn.BatchNorm1d(1).eval();
    expect(() => gan.standing_statistics(norm, () => norm(torch.zeros([2, 3])))).toThrow();
    expect([norm.momentum, norm.training]).toEqual([0.1, false]);
  });
});
