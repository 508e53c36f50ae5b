#pragma once

namespace isotorch {

class Environment;

// Gives back the forward-mode levels that an environment that ends has not left.
void close_forward_ad(Environment& env);

}  // namespace isotorch
