"""elek_training: labelled lines in, one bundle out. It imports `elek`, never `elek_serving`."""
