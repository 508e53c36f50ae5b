// GANs' losses: what python/gan_cases.py measures, by the same names.
import * as torch from 'isotorch';
import { BinaryLoss, CategoryLoss, CombinedLoss, FusedCombinedLoss } from 'isotorch/gan';

/** Categories: what zi2zi's embedding holds. */
const CATEGORIES = 40;

/** Loss of both kinds of logits by a form of document 1's, forward and backward. */
function category_loss(make) {
  return (device, scoped, batch = 16) => {
    const loss = make(device);
    const logits = torch.randn([batch, 1], { device, requires_grad: true });
    const category_logits = torch.randn([batch, CATEGORIES], { device, requires_grad: true });
    const labels = torch.randint(CATEGORIES, [batch], { device });
    return scoped(() => {
      logits.grad = null;
      category_logits.grad = null;
      loss(logits, category_logits, labels).backward();
    });
  };
}

/** The forms by their names, as work for `bench/work.mjs`. @param {(call: () => void) => (calls: number) => void} scoped */
export function categoryLosses(scoped) {
  const forms = {
    loss_separate: (device) => {
      const binary = new BinaryLoss(true).to(device);
      const category = new CategoryLoss(CATEGORIES).to(device);
      return (logits, category_logits, labels) => binary(logits).add(category(category_logits, labels));
    },
    loss_combined: (device) => new CombinedLoss(CATEGORIES).to(device),
    loss_combined_frozen: (device) => new CombinedLoss(CATEGORIES, 1, 1, { frozen: true }).to(device),
    loss_fused: (device) => new FusedCombinedLoss(CATEGORIES).to(device),
  };
  return Object.fromEntries(
    Object.entries(forms).map(([name, make]) => [
      name,
      (device, _scope, batch) => category_loss(make)(device, scoped, batch),
    ]),
  );
}
