import * as torch from 'isotorch';
import { BinaryLoss, CategoryLoss, CombinedLoss, FusedCombinedLoss, OneSidedCombinedLoss } from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const double = { dtype: torch.float64 };
/** Logits −1 + 0.7·i of four images, and −1 + 0.11·j of their five categories. */
const given = () => ({
  logits: torch.tensor([0, 1, 2, 3], double).mul(0.7).sub(1).unsqueeze(1).requires_grad_(),
  category_logits: torch.arange(20, double).mul(0.11).sub(1).view(4, 5).requires_grad_(),
  labels: torch.tensor([0, 3, 3, 1], { dtype: torch.int64 }),
});
const row = (tensor: torch.Tensor, index: number) => tensor.get(index).tolist() as number[];

describe('CombinedLoss', () => {
  const loss = (options: { lambda_category?: number; lambda_binary?: number } = {}) =>
    new CombinedLoss(5, options.lambda_category, options.lambda_binary).to(torch.float64);

  it('has document 1’s values', () => {
    const { logits, category_logits, labels } = given();
    expect(loss()(logits, category_logits, labels).item()).toBeCloseTo(1.503228347099232, 12);
    expect(loss()(logits, category_logits, labels, false).item()).toBeCloseTo(1.5532283470992319, 12);
    const weighted = loss({ lambda_category: 0.5, lambda_binary: 2 })(logits, category_logits, labels);
    expect(weighted.item()).toBeCloseTo(1.864601989612916, 12);
  });

  it('has document 1’s gradients', () => {
    const { logits, category_logits, labels } = given();
    loss()(logits, category_logits, labels).backward();
    const onehot = torch.nn.functional.one_hot(labels, 5);
    const expected = [logits.detach().sigmoid().sub(1).div(4), category_logits.detach().sigmoid().sub(onehot).div(20)];
    for (const [i, { grad }] of [logits, category_logits].entries()) {
      expect(torch.allclose(grad!, expected[i]!, { rtol: 1e-12, atol: 1e-15 })).toBe(true);
    }
  });

  it('its targets gather −λ·category_logits / (B·K) by label, forever', () => {
    const { logits, category_logits, labels } = given();
    const criterion = loss({ lambda_category: 0.5, lambda_binary: 2 });
    criterion(logits, category_logits, labels).backward();
    const once = [0.00875, 0.00325, -0.00225, -0.00775, -0.01325];
    for (const [j, value] of row(criterion.emb.weight.grad!, 3).entries()) expect(value).toBeCloseTo(once[j]!, 12);
    expect(row(criterion.emb.weight.grad!, 2).map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
    criterion(logits, category_logits, labels).backward();
    for (const [j, value] of row(criterion.emb.weight.grad!, 3).entries()) expect(value).toBeCloseTo(2 * once[j]!, 12);
    expect([...Object.keys(criterion.state_dict())]).toEqual(['emb.weight']);
  });

  it('frozen, it gathers nothing, and an optimizer cannot move it', () => {
    const { logits, category_logits, labels } = given();
    const criterion = new CombinedLoss(5, 1, 1, { frozen: true }).to(torch.float64);
    criterion(logits, category_logits, labels).backward();
    expect(criterion.emb.weight.grad).toBe(null);
    expect(criterion.emb.weight.requires_grad).toBe(false);
    expect(logits.grad!.norm().item()).toBeGreaterThan(0.1);
  });

  it('trained, the trainable targets drift from the identity', () => {
    const { logits, category_logits, labels } = given();
    const criterion = loss();
    const optimizer = new torch.optim.SGD(criterion.parameters(), { lr: 1 });
    criterion(logits, category_logits, labels).backward();
    optimizer.step();
    expect(torch.equal(criterion.emb.weight, torch.eye(5, double))).toBe(false);
  });

  it('is not the cross-entropy over both kinds of logits together', () => {
    const { logits, category_logits, labels } = given();
    const target = torch.cat([torch.ones([4, 1]), torch.nn.functional.one_hot(labels, 5)], 1).to(torch.float64);
    const joined = torch.nn.functional.binary_cross_entropy_with_logits(
      torch.cat([logits, category_logits], 1),
      target,
    );
    expect(joined.item()).not.toBeCloseTo(1.503228347099232, 2);
  });

  it('swapped arguments are no quiet number', () => {
    const { logits, category_logits, labels } = given();
    expect(() => loss()(category_logits, logits, labels)).toThrow(/must be the same as input size/);
    expect(() => loss()(logits, labels, category_logits)).toThrow();
  });
});

describe('the fused form', () => {
  it.each([true, false])('has the value and the gradients of CombinedLoss to rounding, real %s', (real) => {
    const [a, b] = [given(), given()];
    const combined = new CombinedLoss(5, 0.5, 2, { frozen: true }).to(torch.float64);
    const fused = new FusedCombinedLoss(5, 0.5, 2, double);
    const values = [
      combined(a.logits, a.category_logits, a.labels, real),
      fused(b.logits, b.category_logits, b.labels, real),
    ];
    expect(values[1]!.item()).toBeCloseTo(values[0]!.item(), 14);
    for (const value of values) value.backward();
    const close = { rtol: 1e-13, atol: 1e-16 };
    expect(torch.allclose(b.logits.grad!, a.logits.grad!, close)).toBe(true);
    expect(torch.allclose(b.category_logits.grad!, a.category_logits.grad!, close)).toBe(true);
    expect(Object.keys(fused.state_dict())).toEqual([]);
  });
});

describe('what the losses of categories take', () => {
  it.each([torch.int16, torch.uint8, torch.float32])('labels of %s are an error, as in Python', (dtype) => {
    const { category_logits, labels } = given();
    expect(() => new CategoryLoss(5)(category_logits, labels.to(dtype))).toThrow(/scalar types: Long, Int; but got/);
  });

  // The targets are float32 whatever the logits are, and so is the result.
  it('the document’s first form takes a column of logits', () => {
    const { logits, category_logits, labels } = given();
    const onReal = new OneSidedCombinedLoss(5, true)(logits, category_logits, labels);
    expect(onReal.item()).toBeCloseTo(1.503228347099232, 6);
    expect(() => new OneSidedCombinedLoss(5)(logits.squeeze(1), category_logits, labels)).toThrow(
      /Target size .* must be the same as input size/,
    );
    expect(() => new BinaryLoss(true)(logits.squeeze(1))).toThrow(/Target size/);
  });

  it('BinaryLoss knows its half', () => {
    const { logits } = given();
    const [real, fake] = [new BinaryLoss(true)(logits).item(), new BinaryLoss(false)(logits).item()];
    expect(fake - real).toBeCloseTo(1.5532283470992319 - 1.503228347099232, 6);
  });
});
