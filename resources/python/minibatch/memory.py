"""How much memory a run uses on its device, in bytes. Never imports a framework that the workload has not imported."""
import resource
import sys


def read_memory(device):
    """{"allocated", "driver", "peak"} in bytes; None = not known on this device."""
    torch = sys.modules.get("torch")
    if torch is not None and device == "mps":
        # The driver's number counts caches too and is what the machine runs out of; tensors alone can be a tenth of it.
        used = {"allocated": torch.mps.current_allocated_memory(), "driver": torch.mps.driver_allocated_memory()}
        return {**used, "peak": None}
    if torch is not None and device.startswith("cuda") and torch.cuda.is_initialized():
        return {
            "allocated": torch.cuda.memory_allocated(device),
            "driver": torch.cuda.memory_reserved(device),
            "peak": torch.cuda.max_memory_reserved(device),
        }
    resident, peak = resident_bytes(), peak_resident_bytes()
    # The kernel brings its highest value up to date only now and then: it may lag behind the present one.
    return {"allocated": resident, "driver": None, "peak": max(peak, resident or 0)}


def peak_resident_bytes():
    """Highest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def resident_bytes():
    """Resident size now, or None where the system tells it only through another program."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return None
