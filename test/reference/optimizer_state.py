"""What an optimizer holds, in the form that is compared."""


def optimizer_state(optimizer):
    states = optimizer.state_dict()
    return {"state": states["state"], "lr": [group["lr"] for group in states["param_groups"]]}
