// zi2zi's losses and document 1's: three passes each, with what the trainable targets gather.
import * as torch from 'isotorch';
import { BinaryLoss, CategoryLoss, CombinedLoss, FusedCombinedLoss, OneSidedCombinedLoss } from 'isotorch/gan';

export const part = 'losses';
export const python = 'category.py';

function probe(criterion, ...calls) {
  const out = {};
  const parameters = criterion.parameters();
  for (let step = 0; step < 3; step++) {
    const logits = torch.randn([6, 1], { requires_grad: true });
    const category_logits = torch.randn([6, 4], { requires_grad: true });
    const labels = torch.randint(4, [6], { dtype: step < 2 ? torch.int64 : torch.int32 });
    const [first, ...more] = calls.map((call) => call(criterion, logits, category_logits, labels));
    const value = more.reduce((sum, each) => sum.add(each), first);
    value.backward();
    const gathered = parameters.filter(({ grad }) => grad !== null).map(({ grad }) => grad.clone());
    out[step] = [value, logits.grad, category_logits.grad, ...gathered];
  }
  return { ...out, state: criterion.state_dict() };
}

const binary = (criterion, logits) => criterion(logits);
const category = (criterion, _, category_logits, labels) => criterion(category_logits, labels);
const combined = (criterion, logits, category_logits, labels) => criterion(logits, category_logits, labels);
const combined_fake = (criterion, logits, category_logits, labels) => criterion(logits, category_logits, labels, false);

export const cases = {
  'BinaryLoss, real': () => probe(new BinaryLoss(true), binary),
  'BinaryLoss, fake': () => probe(new BinaryLoss(false), binary),
  CategoryLoss: () => probe(new CategoryLoss(4), category),
  'CategoryLoss, frozen': () => probe(new CategoryLoss(4, { frozen: true }), category),
  'OneSidedCombinedLoss, real': () => probe(new OneSidedCombinedLoss(4), combined),
  'OneSidedCombinedLoss, fake': () => probe(new OneSidedCombinedLoss(4, false, 0.5, 2), combined),
  CombinedLoss: () => probe(new CombinedLoss(4), combined, combined_fake),
  'CombinedLoss, weighted': () => probe(new CombinedLoss(4, 0.5, 2), combined, combined_fake),
  'CombinedLoss, frozen': () => probe(new CombinedLoss(4, 1, 1, { frozen: true }), combined, combined_fake),
  FusedCombinedLoss: () => probe(new FusedCombinedLoss(4, 0.5, 2), combined, combined_fake),
};
