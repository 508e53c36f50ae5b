// Kinds of arguments that are lists.
#include <ATen/core/List.h>

#include "bridge/call.h"
#include "bridge/readers.h"

namespace isotorch {
namespace {

// Calls `add` for every item of a JavaScript array, or for a single value that stands for several.
template <typename Add>
void each_item(const Site& site, napi_value value, Add&& add) {
  const auto length = array_length(site.env.napi, value);
  if (!length) {
    if (site.argument.expands_to == 0) mismatch(site, value);
    for (int64_t i = 0; i < site.argument.expands_to; ++i) add(value);
    return;
  }
  for (uint32_t i = 0; i < *length; ++i) add(item_of(site.env.napi, value, i));
}

template <typename T, T (*convert)(c10::IValue)>
c10::IValue read_list(const Site& site, napi_value value) {
  c10::List<T> list;
  each_item(site, value, [&](napi_value item) { list.push_back(convert(site.argument.read(site, item))); });
  return list;
}

at::Tensor to_tensor(c10::IValue value) { return std::move(value).toTensor(); }
int64_t to_int(c10::IValue value) { return value.toInt(); }
double to_double(c10::IValue value) { return value.toDouble(); }
bool to_bool(c10::IValue value) { return value.toBool(); }
c10::Scalar to_scalar(c10::IValue value) { return value.toScalar(); }

// A list that came through memory, see number_memory.h; else an array.
template <typename T, Read read_array, T (*convert)(const Site&, double)>
c10::IValue read_short_list(const Site& site, napi_value value) {
  double number;
  uint32_t length = 0;
  const double* items = napi_get_value_double(site.env.napi, value, &number) == napi_ok
                            ? site.env.numbers.find(number, length)
                            : nullptr;
  if (items == nullptr) return read_array(site, value);
  c10::List<T> list;
  for (uint32_t i = 0; i < length; ++i) list.push_back(convert(site, items[i]));
  return list;
}

int64_t whole(const Site&, double number) { return static_cast<int64_t>(number); }
at::Tensor tensor_at(const Site& site, double slot) {
  return tensor_in_slot(site, static_cast<uint32_t>(slot));
}

}  // namespace

c10::IValue read_tensors(const Site& site, napi_value value) {
  return read_short_list<at::Tensor, read_list<at::Tensor, to_tensor>, tensor_at>(site, value);
}

c10::IValue read_optional_tensors(const Site& site, napi_value value) {
  c10::List<std::optional<at::Tensor>> list;
  each_item(site, value, [&](napi_value item) {
    if (is_none(site.env, item)) {
      list.push_back(std::nullopt);
    } else {
      list.push_back(site.argument.read(site, item).toTensor());
    }
  });
  return list;
}

c10::IValue read_scalars(const Site& site, napi_value value) {
  return read_list<c10::Scalar, to_scalar>(site, value);
}

c10::IValue read_ints(const Site& site, napi_value value) {
  return read_short_list<int64_t, read_list<int64_t, to_int>, whole>(site, value);
}

c10::IValue read_floats(const Site& site, napi_value value) {
  return read_list<double, to_double>(site, value);
}

c10::IValue read_bools(const Site& site, napi_value value) { return read_list<bool, to_bool>(site, value); }

c10::IValue read_objects(const Site& site, napi_value value) {
  c10::impl::GenericList list(c10::AnyType::get());
  each_item(site, value, [&](napi_value item) { list.push_back(site.argument.read(site, item)); });
  return list;
}

}  // namespace isotorch
