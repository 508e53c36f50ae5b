// torch.nn.modules.utils, against live Python.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { nn } = torch;
const { consume_prefix_in_state_dict_if_present } = nn.modules.utils;

const python = `
class Wrapped(nn.Module):
  def __init__(self):
    super().__init__()
    self.module = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))
state = Wrapped().state_dict()
nn.modules.utils.consume_prefix_in_state_dict_if_present(state, 'module.')
`;

function consumed(): torch.nn.StateDict {
  class Wrapped extends nn.Module {
    module = new nn.Sequential(new nn.Linear(1, 1), new nn.BatchNorm1d(1));
  }
  const state = new Wrapped().state_dict();
  consume_prefix_in_state_dict_if_present(state, 'module.');
  return state;
}

const metadata = () => (consumed() as unknown as { _metadata: Record<string, { version: number }> })._metadata;

agree('consume_prefix_in_state_dict_if_present', python, [
  ['list(state)', () => Object.keys(consumed())],
  [
    'sorted(f"{name}:{found[\'version\']}" for name, found in state._metadata.items())',
    () => {
      return Object.entries(metadata())
        .map(([name, { version }]) => `${name}:${version}`)
        .sort();
    },
  ],
]);
