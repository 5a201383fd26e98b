"""What the sample promises, in each language: invented for it, and said to be so."""

from __future__ import annotations

from typing import Any

POLICY: dict[str, dict[str, Any]] = {
    "es": {
        "title": "Política de servicio de urgencias",
        "introduction": (
            "> Esta política se inventó para la muestra. El estándar de cuatro horas y las cifras son reales; los "
            "compromisos, las personas y los objetivos no.\n\n"
            "Usted viene a urgencias cuando algo le preocupa. Aquí decimos cuánto va a esperar y qué hacemos si no "
            "cumplimos.\n\n## Cómo lo comprobamos\n\nCada mes contamos a cuántos pacientes atendimos y cuántos "
            "pasaron más de 4 horas con nosotros."
        ),
        "commitments": (
            {
                "statement": "Usted sale de urgencias antes de 4 horas, con alta, cama o traslado.",
                "for_whom": "Todos los pacientes de urgencias",
                "why": "Cada hora de más en urgencias es dolor, duda y riesgo.",
                "remedy": "Pasadas 4 horas, una persona del equipo le dice cada hora qué falta.",
                "process": "Atención de urgencias",
            },
            {
                "statement": "En los hospitales abiertos 24 horas, 85 de cada 100 pacientes salen antes de 4 horas.",
                "for_whom": "Pacientes de urgencias de hospital",
                "why": "Allí llegan los casos más graves y allí se espera más.",
                "remedy": "El hospital que no llega publica por qué y qué cambia.",
                "process": "Atención de urgencias",
            },
            {
                "statement": "Si usted se queja, tiene la respuesta por escrito en 10 días de trabajo.",
                "for_whom": "Pacientes y familias",
                "why": "Una queja nos enseña dónde se rompe la atención.",
                "remedy": "Si tardamos más, la dirección le recibe en persona.",
                "process": "Atención al paciente",
            },
        ),
        "procedure": "Procedimiento de urgencias",
        "procedure_text": (
            "> Inventado para la muestra.\n\n## Al llegar\n\nAdmisión anota la hora. Un enfermero valora al paciente.\n\n"
            "## A las 3 horas\n\nEl jefe de turno mira qué falta: prueba, médico o cama.\n\n"
            "## A las 4 horas\n\nUna persona del equipo habla cada hora con quien sigue esperando."
        ),
        "unacceptable": "La dirección llama al centro ese mes y acuerda qué se cambia y cuándo. Inventado para la muestra.",
        "sampling": "Todos los pacientes de todos los centros, contados cada mes.",
        "remedy": "Noticia cada hora de lo que falta. Inventado para la muestra.",
        "hours": "h",
        "objectives": (
            {
                "title": "Nueve de cada diez pacientes fuera en cuatro horas",
                "resources": "Un gestor de camas por turno y altas de planta antes de las 11:00. Inventado para la muestra.",
                "evaluation": "La dirección mira cada mes el gráfico de control. Inventado para la muestra.",
            },
            {
                "title": "Ochenta y cinco de cada cien pacientes de hospital fuera en cuatro horas",
                "resources": "Segundo puesto de triaje en las horas con más llegadas. Inventado para la muestra.",
                "evaluation": "Cada trimestre, con los hospitales que más se apartan. Inventado para la muestra.",
            },
        ),
    },
    "en": {
        "title": "Service policy of the emergency departments",
        "introduction": (
            "> This policy was invented for the sample. The four-hour standard and the figures are real; the "
            "commitments, the people and the objectives are not.\n\n"
            "You come to the emergency room when something worries you. This page says how long you wait and what we "
            "do when we fail.\n\n## How we check it\n\nEach month we count how many patients we saw and how many "
            "were with us for more than 4 hours."
        ),
        "commitments": (
            {
                "statement": "You leave the emergency room within 4 hours, for home, a bed or a transfer.",
                "for_whom": "All emergency patients",
                "why": "Each extra hour in the emergency room is pain, doubt and risk.",
                "remedy": "After 4 hours one of the team tells you every hour what is missing.",
                "process": "Emergency care",
            },
            {
                "statement": "In hospitals open 24 hours, 85 of every 100 patients leave within 4 hours.",
                "for_whom": "Emergency patients of hospitals",
                "why": "The gravest cases come there, and there people wait longest.",
                "remedy": "A hospital that falls short says why, and what it will change.",
                "process": "Emergency care",
            },
            {
                "statement": "If you complain, you have the answer in writing within 10 working days.",
                "for_whom": "Patients and families",
                "why": "A complaint shows us where care breaks down.",
                "remedy": "If we take longer, the head of the hospital meets you in person.",
                "process": "Patient relations",
            },
        ),
        "procedure": "Emergency procedure",
        "procedure_text": (
            "> Invented for the sample.\n\n## On arrival\n\nAdmissions notes the time. A nurse assesses the patient.\n\n"
            "## After 3 hours\n\nThe shift lead looks at what is missing: a test, a doctor or a bed.\n\n"
            "## After 4 hours\n\nOne of the team speaks every hour with whoever still waits."
        ),
        "unacceptable": "Management calls the site that month and agrees on what changes and when. Invented for the sample.",
        "sampling": "All patients of all sites, counted every month.",
        "remedy": "Word every hour of what is missing. Invented for the sample.",
        "hours": "h",
        "objectives": (
            {
                "title": "Nine in ten patients out within four hours",
                "resources": "A bed manager on each shift and discharges from the wards before 11 a.m. Invented for the sample.",
                "evaluation": "Management looks at the control chart every month. Invented for the sample.",
            },
            {
                "title": "Eighty-five in a hundred hospital patients out within four hours",
                "resources": "A second triage desk in the hours with most arrivals. Invented for the sample.",
                "evaluation": "Every quarter, with the hospitals that stand out most. Invented for the sample.",
            },
        ),
    },
}
