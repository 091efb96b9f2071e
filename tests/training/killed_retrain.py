"""Retrains and dies at a write: `killed_retrain.py MOMENT FOLDER CHAMPION`. Threads of torch do not survive a fork."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from elek_training.retrain import retrain
from elek_training.tracking import Run
from training.killing import die_at
from training.retrain_requests import request

if __name__ == "__main__":
    torch.set_num_threads(1)
    die_at(int(sys.argv[1]))
    retrain(request(Path(sys.argv[2]), Path(sys.argv[3])), Run("killed", None))
