// The initialisers' old names give what the new ones give, and Python's values.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { init } = torch.nn;
const empty = () => torch.zeros(3, 4);

agree('old names', 'e = torch.zeros(3, 4)', [
  ['nn.init.uniform(e, -1, 2)', () => init.uniform(empty(), -1, 2)],
  ['nn.init.normal(e, std=3)', () => init.normal(empty(), { std: 3 })],
  ['nn.init.constant(e, 3)', () => init.constant(empty(), 3)],
  ['nn.init.eye(e)', () => init.eye(empty())],
  ['nn.init.dirac(e.view(3, 2, 2))', () => init.dirac(empty().view(3, 2, 2))],
  ['nn.init.xavier_uniform(e, gain=2)', () => init.xavier_uniform(empty(), { gain: 2 })],
  ['nn.init.xavier_normal(e)', () => init.xavier_normal(empty())],
  ['nn.init.kaiming_uniform(e, mode="fan_out")', () => init.kaiming_uniform(empty(), { mode: 'fan_out' })],
  ['nn.init.kaiming_normal(e, nonlinearity="relu")', () => init.kaiming_normal(empty(), { nonlinearity: 'relu' })],
  ['nn.init.orthogonal(e)', () => init.orthogonal(empty())],
  ['nn.init.sparse(e, 0.5)', () => init.sparse(empty(), 0.5)],
  ['nn.init.eye(torch.zeros(2))', () => init.eye(torch.zeros(2))],
]);
