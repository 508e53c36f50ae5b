// What crosses from one environment of the process to another.
#pragma once

namespace isotorch {

class Environment;

// The environment ends: what it sent and nobody took is freed, and who asks for it learns that it is gone.
void leave_process(const Environment& environment);

}  // namespace isotorch
