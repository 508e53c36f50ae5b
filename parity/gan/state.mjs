// What a network holds: parameters and buffers by name, and its parameters' gradients.
export function stateOf(net) {
  const gradients = net.named_parameters().map(([name, parameter]) => [`grad of ${name}`, parameter.grad]);
  return { ...net.state_dict(), ...Object.fromEntries(gradients) };
}
