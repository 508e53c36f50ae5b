// A step of an optimizer: what its update wrote down, done to every parameter in one call from JavaScript.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/VariableTypeUtils.h>

#include "bridge/call.h"
#include "exports.h"
#include "optim/plain.h"
#include "optim/program.h"

namespace isotorch {
namespace {

using at::Tensor;

// The columns of a row of the table that JavaScript fills, one row for each parameter: handles of tensors, 0 for none,
// around three columns for what `update_rows` finds out.
enum Column : size_t { kParam = 0, kKind = 1, kStep = 2, kValue = 3, kState = 4 };

// Bits of column kKind; `lib/torch/optim/recorder.ts` has the same.
enum Kind {
  kHasGrad = 1,
  kSparse = 2,
  kComplex = 4,
  kForeachByDefault = 8,
  kFusible = 16,
  kMatrix = 32,  // a gradient of two dimensions or more
  kTall = 64,    // one of more rows than columns
};

struct UpdateOperators : public Owned {
  std::vector<UpdateOperator> all;
};

size_t size_at(const Call& call, size_t argument, const char* name) {
  const int64_t value = call.integer(argument, name);
  if (value < 0 || value > (1 << 30)) throw call.wrong(name, "a small positive number");
  return static_cast<size_t>(value);
}

struct Rows {
  Rows(const Call& call, size_t argument)
      : count(size_at(call, argument + 1, "count")), width(size_at(call, argument + 2, "width")) {
    const std::span<double> array = call.elements<double>(argument, "rows");
    if (width < kState || count * width > array.size())
      throw call.wrong("rows", "as many numbers as rows times columns");
    numbers = array.data();
  }
  double* operator[](size_t row) const { return numbers + row * width; }

  double* numbers;
  size_t count;
  size_t width;
};

bool is_plain_number(const Tensor& step) {
  return step.is_cpu() && step.scalar_type() == at::kFloat && step.dim() == 0;
}

double value_of(const Tensor& step) {
  TORCH_CHECK(step.numel() == 1, "step must have one element, but it has ", step.numel());
  return is_plain_number(step) ? *step.const_data_ptr<float>() : step.item().toDouble();
}

void moved(const Tensor& tensor) {
  if (!c10::InferenceMode::is_enabled() || !tensor.is_inference()) torch::autograd::increment_version(tensor);
}

// step += 1. The usual step lives on the CPU, where a dispatch would cost more than the sum.
void advance(at::TensorList steps) {
  if (!steps.empty() && !steps[0].is_cpu()) return at::_foreach_add_(steps, 1);
  for (const Tensor& step : steps) {
    if (is_plain_number(step)) {
      *step.mutable_data_ptr<float>() += 1;
      moved(step);
    } else {
      step.add_(1);
    }
  }
}

// Registers of a parameter, in the order that the recorder numbers them: itself, its gradient, its state.
void load(const Environment& env, const double* row, size_t width, Tensor* registers) {
  registers[0] = tensor_at(env, row[kParam]);
  registers[1] = registers[0].grad();
  for (size_t column = kState; column < width; ++column) {
    registers[2 + column - kState] = row[column] == 0 ? Tensor() : tensor_at(env, row[column]);
  }
}

void require_defined(const Line& line, const Tensor* row) {
  for (size_t i = 0; i < line.op->arity(); ++i) {
    TORCH_CHECK_VALUE(!line.op->is_tensor(i) || row[static_cast<size_t>(line.arguments[i])].defined(),
                      "update: a register is read before it is written");
  }
}

// Calls for one parameter, with the numbers that it has its own of.
void call_row(const Line& line, Tensor* row, const double* numbers, std::vector<double>& scratch) {
  require_defined(line, row);
  if (line.own.empty()) return line.op->call(line.arguments, row, line.out);
  scratch.assign(line.arguments, line.arguments + line.op->arity());
  for (const OwnNumber& own : line.own) scratch[own.argument] = numbers[own.source];
  line.op->call(scratch.data(), row, line.out);
}

// The register that a call in place writes to.
size_t written_by(const Line& line) { return static_cast<size_t>(line.arguments[line.op->written()]); }

// One parameter after the other, below autograd, which has nothing to record. Who changes a tensor must then move its
// version counter, so that a stale graph is still found out. Complex parameters are changed through views, which only
// the dispatcher's usual way connects with them.
std::vector<std::vector<Tensor>> run_single(const Environment& env, const Program& program, const Rows& rows,
                                            bool complex) {
  std::optional<at::AutoDispatchBelowADInplaceOrView> below;
  if (!complex) below.emplace();
  std::vector<std::vector<Tensor>> stored(program.stores.size());
  std::vector<Tensor> row(program.registers);
  std::vector<double> numbers(program.numbers), scratch;
  const std::span<const Line> lines(program.lines);
  for (const auto& [place, tensor] : program.constants) row[place] = tensor;
  for (size_t i = 0; i < rows.count; ++i) {
    load(env, rows[i], rows.width, row.data());
    if (program.step) advance({&row[*program.step], 1});
    size_t refused = 0;  // lines up to here go one by one
    for (size_t next = 0; next < lines.size(); ++next) {
      const size_t plain = below && next >= refused ? plain_length(lines.subspan(next)) : 0;
      if (plain > 0 && run_plain(lines.subspan(next, plain), row.data())) {
        for (const Line& line : lines.subspan(next, plain)) moved(row[written_by(line)]);
        next += plain - 1;
        continue;
      }
      refused = std::max(refused, next + plain);
      const Line& line = lines[next];
      if (line.kind == LineKind::kWrap) {
        row[line.out] = wrapped_number(numbers[line.from]);
        continue;
      }
      if (line.kind != LineKind::kCall) {
        compute(line, row.data(), numbers.data());
        continue;
      }
      call_row(line, row.data(), numbers.data(), scratch);
      if (below && line.op->written() < line.op->arity()) moved(row[written_by(line)]);
    }
    for (size_t j = 0; j < stored.size(); ++j) stored[j].push_back(row[program.stores[j].from]);
    for (const Line& line : program.lines) {
      if (line.kind == LineKind::kCall && line.op->written() == line.op->arity()) row[line.out].reset();
    }
  }
  return stored;
}

// Registers of one parameter, out of those of all.
void gather(const Registers& registers, size_t i, std::vector<Tensor>& row) {
  for (size_t r = 0; r < registers.size(); ++r) row[r] = i < registers[r].size() ? registers[r][i] : Tensor();
}

// All parameters of one device and dtype at once.
std::vector<std::vector<Tensor>> run_lists(const Program& program, Registers& registers, size_t count) {
  Shared shared{std::vector<bool>(program.registers), std::vector<std::optional<size_t>>(program.registers)};
  for (const auto& [place, tensor] : program.constants) {
    shared.constants[place] = true;
    registers[place].assign(count, tensor);
  }
  Numbers numbers(program.numbers, std::vector<double>(count));
  std::vector<double> row_numbers(program.numbers), scratch;
  std::vector<Tensor> row(program.registers);
  if (program.step) advance(registers[*program.step]);
  for (const Line& line : program.lines) {
    if (line.kind == LineKind::kCall &&
        line.op->call_lists(line.arguments, registers, shared, numbers, line.own, line.out))
      continue;
    if (line.kind == LineKind::kWrap) shared.number[line.out] = line.from;
    if (line.kind == LineKind::kCall || line.kind == LineKind::kWrap) registers[line.out].resize(count);
    for (size_t i = 0; i < count; ++i) {
      for (size_t n = 0; n < numbers.size(); ++n) row_numbers[n] = numbers[n][i];
      if (line.kind == LineKind::kWrap) {
        registers[line.out][i] = wrapped_number(row_numbers[line.from]);
        continue;
      }
      gather(registers, i, row);
      if (line.kind == LineKind::kCall) {
        call_row(line, row.data(), row_numbers.data(), scratch);
        registers[line.out][i] = row[line.out];
      } else {
        compute(line, row.data(), row_numbers.data());
        numbers[line.out][i] = row_numbers[line.out];
      }
    }
  }
  std::vector<std::vector<Tensor>> stored;
  for (const Store& store : program.stores) stored.push_back(registers[store.from]);
  return stored;
}

// Splits rows into groups of equal device and dtype, which lists have to have.
std::vector<std::vector<size_t>> by_device_and_dtype(const Environment& env, const Rows& rows) {
  std::vector<std::vector<size_t>> groups;
  for (size_t i = 0; i < rows.count; ++i) {
    const Tensor& param = tensor_at(env, rows[i][kParam]);
    std::vector<size_t>* found = nullptr;
    for (auto& group : groups) {
      const Tensor& first = tensor_at(env, rows[group[0]][kParam]);
      if (first.device() == param.device() && first.dtype() == param.dtype()) found = &group;
    }
    if (found == nullptr) found = &groups.emplace_back();
    found->push_back(i);
  }
  return groups;
}

void store(Environment& env, const Program& program, const Rows& rows, const std::vector<size_t>& indices,
           std::vector<std::vector<Tensor>> stored) {
  for (size_t j = 0; j < stored.size(); ++j) {
    const size_t column = program.stores[j].column;
    TORCH_CHECK_VALUE(column >= kState && column < rows.width, "update: there is no column ", column);
    for (size_t i = 0; i < indices.size(); ++i) {
      rows[indices[i]][column] = env.slots.insert(std::move(stored[j][i]));
    }
  }
}

void clear_grad(const Tensor& param, bool set_to_none) {
  Tensor& gradient = param.mutable_grad();
  if (!gradient.defined()) return;
  if (set_to_none) {
    gradient.reset();
  } else {
    const at::NoGradGuard no_grad;
    if (gradient.grad_fn()) {
      gradient.detach_();
    } else {
      gradient.requires_grad_(false);
    }
    gradient.zero_();
  }
}

bool has_device(const Tensor& param, std::initializer_list<at::DeviceType> types) {
  return std::find(types.begin(), types.end(), param.device().type()) != types.end();
}

double kind_of(const Tensor& param) {
  const Tensor& grad = param.grad();
  if (!grad.defined()) return 0;
  int kind = kHasGrad;
  if (grad.is_sparse()) kind |= kSparse;
  if (param.is_complex()) kind |= kComplex;
  if (has_device(param, {at::kCUDA, at::kXPU})) kind |= kForeachByDefault;
  if (grad.dim() > 1) kind |= kMatrix;
  if (grad.dim() == 2 && grad.size(0) > grad.size(1)) kind |= kTall;
  if (param.is_floating_point() && has_device(param, {at::kCPU, at::kCUDA, at::kMPS, at::kXPU}))
    kind |= kFusible;
  return kind;
}

// The operators that updates may call, in the order of their numbers.
napi_value update_operators(Call& call) {
  const std::optional<uint32_t> count = array_length(call.env.napi, call[0]);
  if (!count) throw call.wrong("names", "an array of operators' names");
  auto operators = std::make_unique<UpdateOperators>();
  for (uint32_t i = 0; i < *count; ++i) {
    const Napi::Value name(call.env.napi, item_of(call.env.napi, call[0], i));
    if (!name.IsString()) throw call.wrong("names", "an array of operators' names");
    operators->all.emplace_back(name.As<Napi::String>().Utf8Value());
  }
  return call.env.own(std::move(operators));
}

// What the parameters of a group are, how far, and the value of the state in a column (0: of none).
void update_rows(Call& call) {
  const Rows rows(call, 0);
  const bool with_step = call.boolean(3, "withStep");
  const size_t column = size_at(call, 4, "column");
  if (column >= rows.width) throw call.wrong("column", "one of the columns");
  for (size_t i = 0; i < rows.count; ++i) {
    double* row = rows[i];
    row[kKind] = kind_of(tensor_at(call.env, row[kParam]));
    if (row[kKind] == 0 || rows.width <= kState) continue;
    if (with_step && row[kState] != 0) row[kStep] = value_of(tensor_at(call.env, row[kState]));
    if (column != 0 && row[column] != 0) row[kValue] = value_of(tensor_at(call.env, row[column]));
  }
}

// Does what was written down.
void update(Call& call) {
  const auto& operators = call.owned<UpdateOperators>(0, "operators");
  const std::span<double> numbers = call.elements<double>(1, "written");
  const size_t length = size_at(call, 2, "length");
  if (length > numbers.size()) throw call.wrong("length", "at most the array's");
  const Rows rows(call, 3);
  const bool lists = call.boolean(6, "lists");
  const at::NoGradGuard no_grad;
  const size_t first_free = 2 + rows.width - kState;
  const Program program(call.env, operators.all, numbers.first(length), first_free);
  if (!lists) {
    for (const Line& line : program.lines) {
      TORCH_CHECK_VALUE(line.kind != LineKind::kCall || !line.op->takes_lists(),
                        "update: an operator of lists is called for one tensor");
    }
    bool complex = false;
    std::vector<size_t> all(rows.count);
    for (size_t i = 0; i < rows.count; ++i) {
      all[i] = i;
      complex |= tensor_at(call.env, rows[i][kParam]).is_complex();
    }
    store(call.env, program, rows, all, run_single(call.env, program, rows, complex));
    return;
  }
  for (const auto& indices : by_device_and_dtype(call.env, rows)) {
    Registers registers(program.registers);
    std::vector<Tensor> row(program.registers);
    for (size_t r = 0; r < first_free; ++r) registers[r].resize(indices.size());
    for (size_t i = 0; i < indices.size(); ++i) {
      load(call.env, rows[indices[i]], rows.width, row.data());
      for (size_t r = 0; r < first_free; ++r) registers[r][i] = std::move(row[r]);
    }
    store(call.env, program, rows, indices, run_lists(program, registers, indices.size()));
  }
}

void zero_grad(Call& call) {
  const bool set_to_none = call.boolean(1, "set_to_none");
  for (const auto& param : call.tensors(0, "params")) clear_grad(param, set_to_none);
}

}  // namespace

void define_update(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(update_operators), ISOTORCH_FUNCTION(update_rows),
                   ISOTORCH_FUNCTION(update), ISOTORCH_FUNCTION(zero_grad)});
}

}  // namespace isotorch
