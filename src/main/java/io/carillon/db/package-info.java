/**
 * The database: embedded or a server of the user's, one connection pool, one connection beside it
 * for check-ins, the migrations, and the few lines of JDBC that every statement of ours goes
 * through. Everything here speaks what MySQL 8.0.21+ and MariaDB 10.6+ have in common.
 */
@NullMarked
package io.carillon.db;

import org.jspecify.annotations.NullMarked;
