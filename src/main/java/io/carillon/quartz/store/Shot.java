package io.carillon.quartz.store;

import io.carillon.execution.Firing;

/** A firing together with the trigger row that it came from, as it stood before the firing. */
record Shot(Firing firing, TriggerRow trigger) {}
