"""What runs by itself or on request: scheduler, queue of long work, its child processes, the start."""
