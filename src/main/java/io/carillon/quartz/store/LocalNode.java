package io.carillon.quartz.store;

import java.time.InstantSource;

/** This node as the store's duties see it: its lease, what it has in flight, and its clock. */
record LocalNode(CheckIn checkIn, InFlight inFlight, InstantSource clock) {}
