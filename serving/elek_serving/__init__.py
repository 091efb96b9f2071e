"""elek_serving: the scorer behind HTTP. It imports `elek`, never `elek_training`."""
