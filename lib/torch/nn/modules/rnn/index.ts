/** `torch.nn.modules.rnn`. */
export { RNNBase } from './base';
export { GRUCell, LSTMCell, RNNCell, RNNCellBase } from './cells';
export { GRU, RNN } from './elman';
export { LSTM } from './lstm';
