WITH rows_ AS (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(TIMEZONE('UTC', "at") AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    "branch" AS "branch",
    "channel" AS "s0",
    CASE WHEN (
      "channel" <> 'mail'
    ) THEN (
      "waiting" <= 10
    ) END AS "x0",
    CASE WHEN (
      "channel" <> 'mail'
    ) AND (
      "waiting" <= 10
    ) THEN 1 END AS "x1",
    CASE
      WHEN NOT "solved" IS NULL AND (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN CAST("weight" AS DOUBLE PRECISION)
    END AS "x2",
    CASE
      WHEN "solved" AND (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN CAST("weight" AS DOUBLE PRECISION)
    END AS "x3",
    CASE
      WHEN NOT "solved" IS NULL
      AND NOT (
        (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x4",
    CASE
      WHEN (
        CAST((
          CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
        ) AS DOUBLE PRECISION) >= 0
      )
      AND (
        CAST((
          CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
        ) AS DOUBLE PRECISION)
      ) <= (
        CAST("score" AS DOUBLE PRECISION)
      ) * 1.000000001
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x5",
    CASE
      WHEN (
        CAST((
          CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
        ) AS DOUBLE PRECISION) >= 0
      )
      AND (
        CAST((
          CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
        ) AS DOUBLE PRECISION)
      ) <= (
        CAST("score" AS DOUBLE PRECISION)
      ) * 1.000000001
      THEN CAST((
        CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
      ) AS DOUBLE PRECISION)
    END AS "x6",
    CASE
      WHEN NOT (
        (
          CAST((
            CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
          ) AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST((
            CAST("score" AS DOUBLE PRECISION) - CAST(1 AS DOUBLE PRECISION)
          ) AS DOUBLE PRECISION)
        ) <= (
          CAST("score" AS DOUBLE PRECISION)
        ) * 1.000000001
      )
      THEN 1
    END AS "x7",
    CAST("waiting" AS DOUBLE PRECISION) AS "x8",
    CASE
      WHEN CAST("waiting" AS DOUBLE PRECISION) > 0
      THEN CAST(CEIL(
        LN(CAST("waiting" AS DOUBLE PRECISION)) / CAST(0.020000666706669435 AS DOUBLE PRECISION)
      ) AS INT) + 40000
      WHEN CAST("waiting" AS DOUBLE PRECISION) = 0
      THEN 0
      WHEN CAST("waiting" AS DOUBLE PRECISION) < 0
      THEN -(
        CAST(CEIL(
          LN(-(
            CAST("waiting" AS DOUBLE PRECISION)
          )) / CAST(0.020000666706669435 AS DOUBLE PRECISION)
        ) AS INT) + 40000
      )
    END AS "x9",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x10",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN (
        CAST("weight" AS DOUBLE PRECISION) * CAST("score" AS DOUBLE PRECISION)
      )
    END AS "x11",
    CASE
      WHEN NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      AND NOT (
        (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x12",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      AND NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      THEN CAST("weight" AS DOUBLE PRECISION)
    END AS "x13",
    CAST((
      CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
    ) AS DOUBLE PRECISION) AS "x14",
    CASE
      WHEN CAST((
        CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
      ) AS DOUBLE PRECISION) > 0
      THEN CAST(CEIL(
        LN(
          CAST((
            CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
          ) AS DOUBLE PRECISION)
        ) / CAST(0.020000666706669435 AS DOUBLE PRECISION)
      ) AS INT) + 40000
      WHEN CAST((
        CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
      ) AS DOUBLE PRECISION) = 0
      THEN 0
      WHEN CAST((
        CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
      ) AS DOUBLE PRECISION) < 0
      THEN -(
        CAST(CEIL(
          LN(
            -(
              CAST((
                CAST("waiting" AS DOUBLE PRECISION) - CAST(20 AS DOUBLE PRECISION)
              ) AS DOUBLE PRECISION)
            )
          ) / CAST(0.020000666706669435 AS DOUBLE PRECISION)
        ) AS INT) + 40000
      )
    END AS "x15",
    CASE WHEN (
      "score" < 5
    ) THEN 1 END AS "x16",
    CASE
      WHEN NOT (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x17",
    CASE
      WHEN (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      AND NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION) IS NULL
      AND NOT CAST("weight" AS DOUBLE PRECISION) IS NULL
      THEN CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION)
    END AS "x18",
    CASE
      WHEN (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      AND NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE PRECISION) IS NULL
      AND NOT CAST("weight" AS DOUBLE PRECISION) IS NULL
      THEN CAST("weight" AS DOUBLE PRECISION)
    END AS "x19",
    CASE
      WHEN NOT (
        (
          CAST("score" AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
          ) AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x20",
    CASE
      WHEN (
        (
          CAST("score" AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
          ) AS DOUBLE PRECISION) >= 0
        )
      )
      AND NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
      ) AS DOUBLE PRECISION) IS NULL
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x21",
    CASE
      WHEN (
        (
          CAST("score" AS DOUBLE PRECISION) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
          ) AS DOUBLE PRECISION) >= 0
        )
      )
      AND NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
      ) AS DOUBLE PRECISION) IS NULL
      THEN CAST((
        CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(60 AS DOUBLE PRECISION), 0)
      ) AS DOUBLE PRECISION)
    END AS "x22",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE PRECISION)) * (
          FLOOR(
            ABS(CAST("waiting" AS DOUBLE PRECISION)) * CAST(10 AS DOUBLE PRECISION) + CAST(0.5 AS DOUBLE PRECISION)
          ) / CAST(10 AS DOUBLE PRECISION)
        )
      ) AS DOUBLE PRECISION) IS NULL
      AND NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      THEN CAST((
        SIGN(CAST("waiting" AS DOUBLE PRECISION)) * (
          FLOOR(
            ABS(CAST("waiting" AS DOUBLE PRECISION)) * CAST(10 AS DOUBLE PRECISION) + CAST(0.5 AS DOUBLE PRECISION)
          ) / CAST(10 AS DOUBLE PRECISION)
        )
      ) AS DOUBLE PRECISION)
    END AS "x23",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE PRECISION)) * (
          FLOOR(
            ABS(CAST("waiting" AS DOUBLE PRECISION)) * CAST(10 AS DOUBLE PRECISION) + CAST(0.5 AS DOUBLE PRECISION)
          ) / CAST(10 AS DOUBLE PRECISION)
        )
      ) AS DOUBLE PRECISION) IS NULL
      AND NOT CAST("score" AS DOUBLE PRECISION) IS NULL
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x24",
    CASE
      WHEN CAST("score" AS DOUBLE PRECISION) >= 0
      AND CAST("score" AS DOUBLE PRECISION) <= 10
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x25",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN CASE
        WHEN (
          CAST("score" AS DOUBLE PRECISION) >= 0
          AND CAST("score" AS DOUBLE PRECISION) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
        THEN CAST("score" AS DOUBLE PRECISION)
      END
    END AS "x26",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN (
        CAST("weight" AS DOUBLE PRECISION) * CASE
          WHEN (
            CAST("score" AS DOUBLE PRECISION) >= 0
            AND CAST("score" AS DOUBLE PRECISION) <= 10
          )
          AND (
            CAST("weight" AS DOUBLE PRECISION) >= 0
          )
          THEN CAST("score" AS DOUBLE PRECISION)
        END
      )
    END AS "x27",
    CASE
      WHEN NOT CASE
        WHEN (
          CAST("score" AS DOUBLE PRECISION) >= 0
          AND CAST("score" AS DOUBLE PRECISION) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
        THEN CAST("score" AS DOUBLE PRECISION)
      END IS NULL
      AND NOT (
        (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x28",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      AND NOT CASE
        WHEN (
          CAST("score" AS DOUBLE PRECISION) >= 0
          AND CAST("score" AS DOUBLE PRECISION) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
        THEN CAST("score" AS DOUBLE PRECISION)
      END IS NULL
      THEN CAST("weight" AS DOUBLE PRECISION)
    END AS "x29",
    CASE
      WHEN (
        CAST("score" AS DOUBLE PRECISION) >= 0
        AND CAST("score" AS DOUBLE PRECISION) <= 10
      )
      AND NOT (
        (
          CAST("weight" AS DOUBLE PRECISION) >= 0
        )
      )
      THEN 1
    END AS "x30",
    CASE
      WHEN (
        CAST("score" AS DOUBLE PRECISION) >= 0
        AND CAST("score" AS DOUBLE PRECISION) <= 10
      )
      AND (
        CAST("weight" AS DOUBLE PRECISION) >= 0
      )
      THEN CAST("score" AS DOUBLE PRECISION)
    END AS "x31",
    CAST("weight" AS DOUBLE PRECISION) AS "x32"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
), cells_ AS (
  SELECT
    "period_start",
    "branch",
    "s0",
    COUNT("x0") AS "a0",
    COUNT("x1") AS "a1",
    COUNT("x2") AS "a2",
    SUM("x2") AS "a3",
    SUM("x3") AS "a4",
    COUNT("x4") AS "a5",
    COUNT("x5") AS "a6",
    SUM("x5") AS "a7",
    SUM("x6") AS "a8",
    COUNT("x7") AS "a9",
    COUNT("x8") AS "a10",
    SUM("x8") AS "a11",
    (
      VAR_POP("x8") * COUNT("x8")
    ) AS "a12",
    MIN("x8") AS "a13",
    MAX("x8") AS "a14",
    COUNT("x10") AS "a15",
    SUM("x11") AS "a16",
    (
      VAR_POP("x10") * COUNT("x10")
    ) AS "a17",
    MIN("x10") AS "a18",
    MAX("x10") AS "a19",
    COUNT("x12") AS "a20",
    SUM("x13") AS "a21",
    (
      COUNT("x10") * COVAR_POP("x11", "x10")
    ) - (
      AVG("x10") * (
        COUNT("x10") * COVAR_POP("x13", "x10")
      )
    ) - (
      (
        COUNT("x10") * COVAR_POP("x13", "x10")
      ) * (
        COUNT("x10") * COVAR_POP("x13", "x10")
      )
    ) / NULLIF(SUM("x13"), 0) AS "a22",
    COUNT("x14") AS "a23",
    SUM("x14") AS "a24",
    (
      VAR_POP("x14") * COUNT("x14")
    ) AS "a25",
    MIN("x14") AS "a26",
    MAX("x14") AS "a27",
    PERCENTILE_DISC(0.8999999999991001) WITHIN GROUP (ORDER BY
      "x8") AS "a28",
    COUNT("x16") AS "a29",
    COUNT("x17") AS "a30",
    COUNT("x18") AS "a31",
    SUM("x18") AS "a32",
    SUM("x19") AS "a33",
    COUNT("x20") AS "a34",
    COUNT("x21") AS "a35",
    SUM("x21") AS "a36",
    SUM("x22") AS "a37",
    COUNT("x23") AS "a38",
    SUM("x23") AS "a39",
    SUM("x24") AS "a40",
    COUNT("x25") AS "a41",
    SUM("x25") AS "a42",
    (
      VAR_POP("x25") * COUNT("x25")
    ) AS "a43",
    MIN("x25") AS "a44",
    MAX("x25") AS "a45",
    COUNT(CASE WHEN "x25" >= 9 THEN 1 END) AS "a46",
    COUNT(CASE WHEN "x25" <= 6 THEN 1 END) AS "a47",
    COUNT("x26") AS "a48",
    SUM("x27") AS "a49",
    (
      VAR_POP("x26") * COUNT("x26")
    ) AS "a50",
    MIN("x26") AS "a51",
    MAX("x26") AS "a52",
    COUNT("x28") AS "a53",
    SUM("x29") AS "a54",
    (
      COUNT("x26") * COVAR_POP("x27", "x26")
    ) - (
      AVG("x26") * (
        COUNT("x26") * COVAR_POP("x29", "x26")
      )
    ) - (
      (
        COUNT("x26") * COVAR_POP("x29", "x26")
      ) * (
        COUNT("x26") * COVAR_POP("x29", "x26")
      )
    ) / NULLIF(SUM("x29"), 0) AS "a55",
    COUNT("x30") AS "a56",
    SUM(CASE WHEN "x31" >= 9 THEN "x32" END) AS "a57",
    SUM(CASE WHEN "x31" <= 6 THEN "x32" END) AS "a58"
  FROM rows_
  GROUP BY
    "period_start",
    "branch",
    "s0"
), h0_ AS (
  SELECT
    "period_start",
    "branch",
    "s0",
    CAST(JSONB_OBJECT_AGG(bucket, n) AS TEXT) AS "h0"
  FROM (
    SELECT
      "period_start",
      "branch",
      "s0",
      "x9" AS bucket,
      COUNT(*) AS n
    FROM rows_
    WHERE
      NOT "x9" IS NULL
    GROUP BY
      "period_start",
      "branch",
      "s0",
      "x9"
  ) AS counted_
  GROUP BY
    "period_start",
    "branch",
    "s0"
), h1_ AS (
  SELECT
    "period_start",
    "branch",
    "s0",
    CAST(JSONB_OBJECT_AGG(bucket, n) AS TEXT) AS "h1"
  FROM (
    SELECT
      "period_start",
      "branch",
      "s0",
      "x15" AS bucket,
      COUNT(*) AS n
    FROM rows_
    WHERE
      NOT "x15" IS NULL
    GROUP BY
      "period_start",
      "branch",
      "s0",
      "x15"
  ) AS counted_
  GROUP BY
    "period_start",
    "branch",
    "s0"
)
SELECT
  "cells_"."period_start",
  "cells_"."branch",
  "cells_"."s0",
  "cells_"."a0",
  "cells_"."a1",
  "cells_"."a2",
  "cells_"."a3",
  "cells_"."a4",
  "cells_"."a5",
  "cells_"."a6",
  "cells_"."a7",
  "cells_"."a8",
  "cells_"."a9",
  "cells_"."a10",
  "cells_"."a11",
  "cells_"."a12",
  "cells_"."a13",
  "cells_"."a14",
  "cells_"."a15",
  "cells_"."a16",
  "cells_"."a17",
  "cells_"."a18",
  "cells_"."a19",
  "cells_"."a20",
  "cells_"."a21",
  "cells_"."a22",
  "cells_"."a23",
  "cells_"."a24",
  "cells_"."a25",
  "cells_"."a26",
  "cells_"."a27",
  "cells_"."a28",
  "cells_"."a29",
  "cells_"."a30",
  "cells_"."a31",
  "cells_"."a32",
  "cells_"."a33",
  "cells_"."a34",
  "cells_"."a35",
  "cells_"."a36",
  "cells_"."a37",
  "cells_"."a38",
  "cells_"."a39",
  "cells_"."a40",
  "cells_"."a41",
  "cells_"."a42",
  "cells_"."a43",
  "cells_"."a44",
  "cells_"."a45",
  "cells_"."a46",
  "cells_"."a47",
  "cells_"."a48",
  "cells_"."a49",
  "cells_"."a50",
  "cells_"."a51",
  "cells_"."a52",
  "cells_"."a53",
  "cells_"."a54",
  "cells_"."a55",
  "cells_"."a56",
  "cells_"."a57",
  "cells_"."a58",
  "h0_"."h0",
  "h1_"."h1"
FROM cells_
LEFT JOIN h0_
  ON "cells_"."period_start" IS NOT DISTINCT FROM "h0_"."period_start"
  AND "cells_"."branch" IS NOT DISTINCT FROM "h0_"."branch"
  AND "cells_"."s0" IS NOT DISTINCT FROM "h0_"."s0"
LEFT JOIN h1_
  ON "cells_"."period_start" IS NOT DISTINCT FROM "h1_"."period_start"
  AND "cells_"."branch" IS NOT DISTINCT FROM "h1_"."branch"
  AND "cells_"."s0" IS NOT DISTINCT FROM "h1_"."s0";

SELECT
  "period_start",
  COUNT("x0") AS "a0",
  SUM("x0") AS "a1",
  (
    VAR_POP("x0") * COUNT("x0")
  ) AS "a2",
  MIN("x0") AS "a3",
  MAX("x0") AS "a4"
FROM (
  SELECT
    CAST(TIMEZONE('Europe/Madrid', "at") AS DATE) AS "period_start",
    CASE
      WHEN (
        (
          "at" < CAST('2024-01-20 00:00:00+00:00' AS TIMESTAMPTZ)
        )
        AND (
          "day" > CAST('2024-01-02' AS DATE)
        )
      )
      THEN CAST((
        CAST((
          CAST((
            CAST((
              CAST((
                CAST(EXTRACT(HOUR FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE PRECISION) + CAST(EXTRACT(ISODOW FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE PRECISION)
              ) AS DOUBLE PRECISION) + CAST((
                (
                  CAST(EXTRACT(EPOCH FROM "at") AS DOUBLE PRECISION) - CAST(EXTRACT(EPOCH FROM "at") AS DOUBLE PRECISION)
                ) / CAST(60 AS DOUBLE PRECISION)
              ) AS DOUBLE PRECISION)
            ) AS DOUBLE PRECISION) + CAST(LENGTH(LOWER("channel")) AS DOUBLE PRECISION)
          ) AS DOUBLE PRECISION) + CAST((
            SIGN(CAST("waiting" AS DOUBLE PRECISION)) * (
              FLOOR(
                ABS(CAST("waiting" AS DOUBLE PRECISION)) * CAST(10 AS DOUBLE PRECISION) + CAST(0.5 AS DOUBLE PRECISION)
              ) / CAST(10 AS DOUBLE PRECISION)
            )
          ) AS DOUBLE PRECISION)
        ) AS DOUBLE PRECISION) + CAST((
          CAST("waiting" AS DOUBLE PRECISION) - CAST(3 AS DOUBLE PRECISION) * FLOOR(
            (
              CAST("waiting" AS DOUBLE PRECISION) / NULLIF(CAST(3 AS DOUBLE PRECISION), 0)
            )
          )
        ) AS DOUBLE PRECISION)
      ) AS DOUBLE PRECISION)
    END AS "x0"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
    AND (
      "at" >= CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ)
      AND "at" < CAST('2024-02-01 00:00:00+00:00' AS TIMESTAMPTZ)
    )
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    DATE_TRUNC('hour', TIMEZONE('UTC', "at")) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(TIMEZONE('UTC', "at") AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('week', CAST(CAST(TIMEZONE('UTC', "at") AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(TIMEZONE('UTC', "at") AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('quarter', CAST(CAST(TIMEZONE('UTC', "at") AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('year', CAST(CAST(TIMEZONE('UTC', "at") AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";
