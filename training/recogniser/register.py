"""What `spacy train --code` loads: the tokenizer `newskg.Words.v1`, and quicker matrix products.

thinc multiplies with its own BLIS, which reached 17-25 GFlop/s on the machine that trained the model; the BLAS
of a current numpy reached 78. spaCy asks for the operations called "apple" first when it works on a CPU.
"""

from __future__ import annotations

from typing import Any

from thinc.api import NumpyOps, registry

import kg.recognise.words  # noqa: F401


@registry.ops("NumpyBlasOps")
class NumpyBlasOps(NumpyOps):
    """thinc's operations with numpy's own matrix product."""

    name = "apple"

    def __init__(self, device_type: str = "cpu", device_id: int = -1, **_: Any) -> None:
        super().__init__(device_type, device_id, use_blis=False)
