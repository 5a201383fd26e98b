"""The words of the sample, in each language it can be loaded in."""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "es": {
        "organisation": "Urgencias de Inglaterra",
        "group_r": "Hospitales (código R…)",
        "group_other": "Otros proveedores",
        "provider": "Proveedor %(code)s",
        "dataset": "Asistencias en urgencias",
        "dataset_description": (
            "Una fila por mes, proveedor y tipo de servicio: pacientes atendidos, estancias de más de cuatro horas e "
            "ingresos. Tipo 1: urgencias de hospital abiertas las 24 horas; 2: de una sola especialidad; other: "
            "centros de atención sin cita y de lesiones menores."
        ),
        "dataset_source": "NHS England, Open Government Licence v3.0; paquete NHSRdatasets (CC0)",
        "standard": "Salida de urgencias en cuatro horas",
        "basis": "NHS England: Handbook to the NHS Constitution, operational standard of 95%",
        "basis_says": "Ingreso, traslado o alta en las cuatro horas siguientes a la llegada.",
        "requirement": (
            "Al menos 95 de cada 100 pacientes salen de urgencias (alta, ingreso o traslado) antes de cuatro horas "
            "desde su llegada. La tolerancia de dos puntos es un ejemplo inventado."
        ),
        "within": "Pacientes que salen en cuatro horas",
        "within_description": "Parte de todos los pacientes atendidos cuya estancia no pasó de cuatro horas.",
        "within_major": "Pacientes que salen en cuatro horas: urgencias de hospital",
        "within_major_description": "Lo mismo, solo en los servicios de tipo 1.",
        "admitted": "Pacientes que ingresan",
        "admitted_description": "Parte de los pacientes atendidos que ingresan en el hospital. Es contexto: ni más ni menos es mejor.",
        "attended": "Pacientes atendidos",
        "attended_description": "Pacientes que llegaron a urgencias en el mes. Es contexto.",
        "patients": "pacientes",
        "position": "Responsable de urgencias",
        "position_purpose": "Responde de que los pacientes sean atendidos a tiempo. Puesto inventado para la muestra.",
        "administrator": "Administración",
        "quality_manager": "Responsable de calidad",
        "process_owner": "Propietario del proceso",
        "manager": "Dirección de hospitales",
        "inspector": "Inspección",
        "employee": "Personal de urgencias",
        "auditor": "Auditoría",
    },
    "en": {
        "organisation": "Emergency departments of England",
        "group_r": "Hospitals (codes R…)",
        "group_other": "Other providers",
        "provider": "Provider %(code)s",
        "dataset": "Emergency attendances",
        "dataset_description": (
            "One row per month, provider and department type: patients attended, stays over four hours and "
            "admissions. Type 1: hospital departments open 24 hours; 2: of a single specialty; other: walk-in and "
            "minor injury centres."
        ),
        "dataset_source": "NHS England, Open Government Licence v3.0; package NHSRdatasets (CC0)",
        "standard": "Out of the emergency department within four hours",
        "basis": "NHS England: Handbook to the NHS Constitution, operational standard of 95%",
        "basis_says": "Admission, transfer or discharge within four hours of arrival.",
        "requirement": (
            "At least 95 in every 100 patients leave the emergency department (home, admitted or transferred) within "
            "four hours of their arrival. The tolerance of two points is an invented example."
        ),
        "within": "Patients who leave within four hours",
        "within_description": "Share of all patients attended whose stay was no longer than four hours.",
        "within_major": "Patients who leave within four hours: hospital departments",
        "within_major_description": "The same, in departments of type 1 only.",
        "admitted": "Patients admitted",
        "admitted_description": "Share of the patients attended who are admitted to hospital. Context: neither more nor less is better.",
        "attended": "Patients attended",
        "attended_description": "Patients who came to an emergency department in the month. Context.",
        "patients": "patients",
        "position": "Head of emergency care",
        "position_purpose": "Answers for patients being seen in time. Position invented for the sample.",
        "administrator": "Administration",
        "quality_manager": "Quality manager",
        "process_owner": "Process owner",
        "manager": "Hospital management",
        "inspector": "Inspection",
        "employee": "Emergency staff",
        "auditor": "Audit",
    },
}

INVENTED = {"es": " (persona inventada)", "en": " (invented person)"}
