/** `torch.nn.utils`: what is done with the parameters of modules, and packed sequences. */
export * as rnn from './rnn';
